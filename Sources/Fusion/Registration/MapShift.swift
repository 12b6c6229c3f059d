/// How far a map lies from HAADF, in pixels of HAADF: what HAADF shows at (column, row) lies at
/// (column + right, row + down) of the map.
package struct MapShift: Sendable, Codable, Hashable {
  /// Why this shift is used.
  package enum Source: String, Sendable, Codable, CaseIterable {
    /// Nobody has looked.
    case unknown
    case given
    /// Found for all maps together.
    case common
    /// Found for this map, since it explains clearly more than the common one.
    case own
    /// Found, and no more than its noise: no shift is used.
    case withinNoise = "within noise"
    /// The error of what was found exceeds a pixel: no shift is used.
    case uncertain
    /// HAADF and the maps have too little in common: no shift is used.
    case unrelated
  }

  /// What the pictures say, with standard errors.
  package struct Measured: Sendable, Codable, Hashable {
    package let right: Double
    package let down: Double
    package let rightError: Double
    package let downError: Double
  }

  package let right: Double
  package let down: Double
  package let source: Source
  package let measured: Measured?

  /// No shift, and none looked for.
  package static let unknown = MapShift(.zero, .unknown)

  /// A shift that is known.
  package init(right: Double, down: Double) { self.init([right, down], .given) }

  init(_ shift: SIMD2<Double>, _ source: Source, _ measured: Measured? = nil) {
    (right, down, self.source, self.measured) = (shift.x, shift.y, source, measured)
  }

  var vector: SIMD2<Double> { [right, down] }
  var isNothing: Bool { right == 0 && down == 0 }
}
