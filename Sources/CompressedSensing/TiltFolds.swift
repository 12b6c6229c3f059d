/// Which tilts are left out and predicted from the others.
///
/// Every fifth by angle, and none at the ends, which would be extrapolated. Where that makes fewer than some fourteen
/// tilts, others are left out in their turn, until each but the ends was predicted once.
struct TiltFolds {
  /// Every fifth tilt is left out.
  static let stride = 5
  private static let enough = 14

  /// The tilts that are left out together, ascending.
  let leftOut: [[Int]]

  /// - Parameter weights: a tilt of weight zero is never left out.
  init(_ degrees: [Double], weights: [Double]?) {
    let byAngle = degrees.indices.filter { weights?[$0] != 0 }
      .sorted { (degrees[$0], $0) < (degrees[$1], $1) }
    leftOut = (0..<Self.count(tilts: byAngle.count)).compactMap { turn in
      let first = (Self.stride / 2 + 2 * turn) % Self.stride
      let places = byAngle.indices.dropFirst().dropLast().filter { $0 % Self.stride == first }
      return places.isEmpty ? nil : places.map { byAngle[$0] }.sorted()
    }
  }

  /// How often some are left out.
  static func count(tilts: Int) -> Int {
    min(stride, max(1, (enough * stride + tilts - 1) / max(1, tilts)))
  }
}
