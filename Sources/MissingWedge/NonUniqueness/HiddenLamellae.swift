package import Fields
package import Projection
import RealModule

/// A particle with lamellae that a tilt series hardly sees, since their Fourier transform lies in what
/// the series misses.
///
///     g(r) = a exp(−u² / 2σ_u² − w² / 2σ_w²) cos(2π f u)
///
/// with u along the middle of the widest hole of the coverage (the beam, for ±α) and w across it. Its
/// transform is a pair of blobs at ±f along u, `1 / 2πσ_w` wide across: with `σ_w = 4 / (2π f tan h)` for
/// a hole of half-width h, the edge of the hole lies four standard deviations from their centres, so that
/// the nearest projection keeps 3e-4 of the amplitude. Turned by 90°, the same lamellae are seen in full.
package struct HiddenLamellae: Sendable {
  /// Single slices: a round particle of density 1, and the same with lamellae in it.
  package let plain: Volume
  package let lamellar: Volume
  /// The particle with the lamellae turned by 90°.
  package let turned: Volume
  /// The root mean square of what the lamellae add to the projections, over that of turned ones.
  package let visibility: Double
  /// The same over the root mean square of the particle's projections.
  package let change: Double
  /// From one lamella to the next, in voxels.
  package static let period = 8.0

  /// - Parameters:
  ///   - degrees: the tilts that are to miss them.
  ///   - size: voxels along x and z.
  /// - Returns: `nil` where the tilts miss no range of directions.
  package init?(_ coverage: TiltCoverage, degrees: [Double], size: Int) throws(GeometryError) {
    let directions = coverage.directions
    guard !coverage.isComplete else { return nil }
    let hole = directions.widest
    let half = directions.gaps[hole] / 2
    let axis = directions.angles[hole] + half
    // A hole of more than ±35° hides more than these lamellae need.
    let across = 4 * Self.period / (2 * Double.pi * Double.tan(min(half, 35 * Double.pi / 180)))
    let along = Double(size) / 14
    let lamellae = { (angle: Double) in
      Volume.slice(size) { x, z in
        let (u, w) = (
          x * Double.cos(angle) + z * Double.sin(angle),
          z * Double.cos(angle) - x * Double.sin(angle)
        )
        return 0.4 * Double.cos(2 * .pi * u / Self.period)
          * Double.exp(-u * u / (2 * along * along) - w * w / (2 * across * across))
      }
    }
    // Smooth at its rim by one voxel.
    let radius = 0.36 * Double(size)
    plain = .slice(size) { x, z in
      0.5 * (1 - Double.tanh(2 * (Double.hypot(x, z) - radius)))
    }
    let (hidden, seen) = (lamellae(axis), lamellae(axis + .pi / 2))
    lamellar = Self.sum(plain, hidden)
    turned = Self.sum(plain, seen)
    let norms = try [hidden, seen, plain].map { volume throws(GeometryError) in
      try volume.projected(degrees).reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
    (visibility, change) = (norms[0] / norms[1], norms[0] / norms[2])
  }

  private static func sum(_ a: Volume, _ b: Volume) -> Volume {
    .init(
      FloatStorage((0..<a.voxels.count).map { a.voxels.span[$0] + b.voxels.span[$0] }),
      shape: a.shape)
  }
}
