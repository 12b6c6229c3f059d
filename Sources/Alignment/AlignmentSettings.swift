/// What ``SeriesAligner`` searches, and how far.
public struct AlignmentSettings: Sendable, Hashable {
  /// Rounds of projection matching at most, at each size of the pages; 0 to 100. With 0 pages stay where the coarse
  /// alignment puts them.
  public var rounds = 8
  /// How far from ``axisRotation`` the tilt axis is sought, in degrees either way; 0 to 45, and 0 keeps it.
  public var axisRange = 8.0
  /// How far from ``axisOffset`` the offset of the axis is sought, in pixels either way; 0 to 1000, and 0 keeps it.
  public var offsetRange = 12.0
  /// Whether every page may be turned by an angle of its own in projection matching.
  public var turnsPages = false
  /// Whether every page may be magnified by a factor of its own in projection matching.
  public var magnifiesPages = false
  /// Pixels along the longer side of the largest pages that are matched.
  package var finest = 256

  /// Where the search begins: how far the axis is turned out of upright, in degrees clockwise, −180 to 180; `nil` for
  /// what is known of the series, or upright.
  public var axisRotation: Double?
  /// Where the search begins: the axis across the pages, in pixels from their centre.
  public var axisOffset = 0.0

  /// The usual settings; change what differs.
  public init() {}

  /// The placement that brings an axis that lies there to the middle of the page, upright.
  var start: Placement {
    Placement(rotation: -(axisRotation ?? 0) * .pi / 180).then(Placement(across: -axisOffset))
  }

  /// - Throws: ``AlignmentError`` where a setting cannot work.
  package func validate() throws(AlignmentError) {
    guard 0...100 ~= rounds else { throw .rounds(rounds) }
    guard axisRange >= 0, axisRange <= 45 else {
      throw .range(option: "--axis-range", value: axisRange, limit: 45)
    }
    guard offsetRange >= 0, offsetRange <= 1000 else {
      throw .range(option: "--offset-range", value: offsetRange, limit: 1000)
    }
    if let axisRotation, !(abs(axisRotation) <= 180) {
      throw .range(option: "--axis-rotation", value: axisRotation, limit: 180)
    }
    guard 48...1024 ~= finest else { throw .finest(finest) }
  }
}
