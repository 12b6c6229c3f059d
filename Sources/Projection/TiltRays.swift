import Fields
import RealModule

/// How a ray shares itself among the voxels that it meets.
public enum RayModel: String, Sendable, Codable, CaseIterable {
  /// A thin ray, shared linearly between the two nearest voxels of each row (Joseph 1982).
  case joseph
  /// A strip as wide as a bin: the area that it cuts out of each square voxel (Lo 1988).
  case strip
}

/// One tilt in fixed point.
///
/// Voxel (x, z) lands on the detector at `u(x, z) = origin + x · perX + z · perZ`, in units of
/// 2⁻³² bins. Integers make `u` exact, so that projection, which follows the rays, and
/// back-projection, which gathers for voxels, meet the same distances `D = b − u` between a bin and
/// a voxel; both turn them into weights by ``share`` or ``Footprint``.
struct TiltRays: Sendable {
  static let one = 1 << 32

  /// `u(0, 0)`, and its change from one x, and one z, to the next.
  let origin: Int
  let perX: Int
  let perZ: Int

  init(_ geometry: TiltGeometry, tilt: Int) {
    let (volume, series) = (geometry.volume, geometry.series)
    let (cosine, sine) = (Double.cos(geometry.tilts[tilt]), Double.sin(geometry.tilts[tilt]))
    func fixed(_ value: Double) -> Int { Int((value * Double(Self.one)).rounded()) }
    (perX, perZ) = (fixed(cosine), fixed(sine))
    let x0 = 0.5 * Double(volume.width - 1)
    let z0 = 0.5 * Double(volume.depth - 1) - geometry.zOffset
    let s0 = 0.5 * Double(series.binCount - 1) + geometry.axisOffset
    origin = fixed(s0 - x0 * cosine - z0 * sine)
  }

  /// Whether rays march along z, from one row of voxels to the next, rather than along x.
  var marchesAlongZ: Bool { abs(perX) >= abs(perZ) }
  /// `max(|cos θ|, |sin θ|)`: how far apart neighbouring voxels of a row land.
  var reach: Int { max(abs(perX), abs(perZ)) }
  /// 1 / reach, in bins.
  var pathPerRow: Float { Float(Double(Self.one) / Double(reach)) }
}

/// The share of a ray that goes to a voxel at distance `D`, in units of 2⁻²⁴ bins:
///
///     w(D) = 1 − |D| / reach            (times 1 / reach, the path through one row)
///
/// - Reference: P. M. Joseph, IEEE Trans. Med. Imaging 1, 192 (1982).
@inline(__always)
func share(_ distance: Int32, reciprocalReach: Float) -> Float {
  1 - Float(distance) * reciprocalReach
}

/// The area that a strip of unit width cuts out of a unit square, as a function of the distance `D`
/// between their centres (Lo 1988).
///
/// The square casts a trapezoid of height 1/h, with `h = max(|cos θ|, |sin θ|)` and
/// `l = min(|cos θ|, |sin θ|)`, flat up to (h − l)/2 and zero beyond (h + l)/2. Its integral over
/// the strip is `G(D + ½) − G(D − ½)`, with `G` odd and, for x ≥ 0,
///
///     G(x) = (min(x, (h + l)/2) − t² / 2l) / h,      t = clamp(x − (h − l)/2, 0, l)
///
/// - Reference: S.-C. B. Lo, IEEE Trans. Med. Imaging 7, 369 (1988).
struct Footprint: Sendable {
  private let flat: Float
  private let slope: Float
  private let halfOverSlope: Float
  private let perHeight: Float

  init(_ rays: TiltRays) {
    let perBin = 1 / Double(TiltRays.one)
    let h = Double(rays.reach) * perBin
    let l = max(Double(min(abs(rays.perX), abs(rays.perZ))) * perBin, 1e-6)
    (flat, slope) = (Float((h - l) / 2), Float(l))
    (halfOverSlope, perHeight) = (Float(0.5 / l), Float(1 / h))
  }

  @inline(__always)
  func weight(_ distance: Float) -> Float {
    integral(distance + 0.5) - integral(distance - 0.5)
  }

  @inline(__always)
  private func integral(_ x: Float) -> Float {
    let magnitude = abs(x)
    let excess = magnitude - flat
    let t = excess < 0 ? 0 : excess > slope ? slope : excess
    let reached = excess > slope ? flat + slope : magnitude
    let value = (reached - t * t * halfOverSlope) * perHeight
    return x < 0 ? -value : value
  }
}
