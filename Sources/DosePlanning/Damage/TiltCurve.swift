/// Smooth functions of the tilt, to describe what geometry does to an intensity.
///
/// Cubic splines in the tilt with evenly spaced knots, and the kink |θ − θ₁| at the tilt that was
/// taken first, since the dose of a scheme that goes out from there to both sides follows it.
enum TiltCurve {
  /// The terms 1, u, u², u³, (u − k)³₊ at each knot k, and |u − u₁|; u runs from −1 to 1.
  static func terms(_ tilts: [Double], knots: Int, first: Double) -> [[Double]] {
    let (low, high) = (tilts.min() ?? 0, tilts.max() ?? 0)
    let half = max((high - low) / 2, 1e-12)
    let scaled = { (tilt: Double) in (tilt - low) / half - 1 }
    let u = tilts.map(scaled)
    let places = (0..<knots).map { -1 + 2 * Double($0 + 1) / Double(knots + 1) }
    return [u.map { _ in 1 }, u, u.map { $0 * $0 }, u.map { $0 * $0 * $0 }]
      + places.map { place in
        u.map { value in
          let over = max(0, value - place)
          return over * over * over
        }
      } + [u.map { abs($0 - scaled(first)) }]
  }

  /// Numbers of knots that are tried: a twelfth, a sixth and a quarter of the tilts.
  static func knots(_ tiltCount: Int) -> [Int] {
    [max(1, tiltCount / 12), max(2, tiltCount / 6), max(3, tiltCount / 4)]
  }
}
