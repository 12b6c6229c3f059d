import RealModule

/// Where a raw page goes: a turn, a magnification and a shift.
///
///     aligned − c = m R(ρ) (raw − c) + t,       R(ρ) = (cos ρ  −sin ρ;  sin ρ  cos ρ)
///
/// Coordinates are (across, along) the tilt axis in pixels, c is the centre `(N − 1)/2` of the page. With the axis
/// along y they are columns to the right and rows downwards, so that a positive ρ turns a page clockwise on
/// the screen. Placements compose, so that however many steps found one, pixels are interpolated once.
public struct Placement: Sendable, Hashable {
  /// The shift t across the tilt axis, in pixels.
  public var across: Double
  /// The shift t along the tilt axis, in pixels.
  public var along: Double
  /// The turn ρ, in radians.
  public var rotation: Double
  /// The magnification m, above 0.
  public var magnification: Double

  /// The placement that leaves a page as it is, except for what is given.
  public init(
    across: Double = 0, along: Double = 0, rotation: Double = 0, magnification: Double = 1
  ) {
    (self.across, self.along) = (across, along)
    (self.rotation, self.magnification) = (rotation, magnification)
  }

  /// Whether a page can be placed so: within a million pixels, and a hundred times larger or smaller.
  package var isUsable: Bool {
    abs(across) <= 1e6 && abs(along) <= 1e6 && abs(rotation) <= 1e3 && 0.01...100 ~= magnification
  }

  /// First this one, then `next`.
  package func then(_ next: Placement) -> Placement {
    let (u, v) = next.applied(across, along)
    return Placement(
      across: u, along: v, rotation: rotation + next.rotation,
      magnification: magnification * next.magnification)
  }

  /// What undoes it.
  package var inverse: Placement {
    let turn = Placement(rotation: -rotation, magnification: 1 / magnification)
    let (u, v) = turn.applied(-across, -along)
    return Placement(
      across: u, along: v, rotation: -rotation, magnification: 1 / magnification)
  }

  /// Where a point of the raw page goes, both seen from the centre.
  package func applied(_ u: Double, _ v: Double) -> (across: Double, along: Double) {
    let (c, s) = (magnification * .cos(rotation), magnification * .sin(rotation))
    return (c * u - s * v + across, s * u + c * v + along)
  }

  /// The same for pages whose pixels are `factor` times as many along a side.
  package func scaled(by factor: Double) -> Placement {
    Placement(
      across: across * factor, along: along * factor, rotation: rotation,
      magnification: magnification)
  }
}
