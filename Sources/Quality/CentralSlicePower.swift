package import Fields
import RealModule
package import Transforms

/// The power of the first volume of a pair near the measured central slices of Fourier space, and
/// midway between them.
///
/// A tilt θ measures the plane that holds `ky` and the direction `(kx, kz) = (cos θ, sin θ)`. A
/// coefficient at the radius r of the plane (kx, kz) lies a part u of the gap past one slice. It is *near*
/// a slice where u < 1/4 or u > 3/4, and *between* slices otherwise. In each ring of r, one step of the
/// longest side wide, both means are taken, so that no ring counts more for having more coefficients.
/// What an object of diameter D does to Fourier space is 1/D wide; nearer slices cannot be told apart, and
/// only rings with `r Δθ ≥ 1.5/D` are looked at. Cost: O(N) for N voxels.
package struct CentralSlicePower: Sendable, Hashable {
  /// Rings that hold enough of both.
  package let ringCount: Int
  /// The sums over rings of the mean power of a coefficient.
  package let near: Double
  package let between: Double

  /// `near / between`; `nil`, *not measured*, where no ring lies far enough out.
  package var ratio: Double? { ringCount > 0 && between > 0 ? near / between : nil }

  /// Rings with fewer coefficients of either kind are passed over.
  static let fewest = 50

  /// - Parameters:
  ///   - angles: of the slices, in radians, ascending.
  ///   - gaps: from each to the next, the last one on round the half circle.
  ///   - holes: which of the gaps were not measured at all, and are left out.
  ///   - diameter: D, in voxels.
  package init(
    _ pair: SpectrumPair, angles: [Double], gaps: [Double], holes: [Int], diameter: Double,
    workers: Workers = .all
  ) {
    precondition(angles.count == gaps.count && !angles.isEmpty && diameter > 0, "one gap a slice")
    let (nx, ny, nz) = (pair.shape.width, pair.shape.sliceCount, pair.shape.depth)
    let longest = max(nx, ny, nz)
    let rings = longest / 2 + 1
    let (fx, fy, fz) = (Self.frequencies(nx), Self.frequencies(ny), Self.frequencies(nz))
    let pages = workers.results(nz) { z in
      var sums = [Double](repeating: 0, count: 2 * rings)
      var counts = [Int](repeating: 0, count: 2 * rings)
      let values = pair.values.span
      for x in 0..<nx {
        let radius = Double.hypot(fx[x], fz[z])
        let angle = Double.atan2(y: fz[z], x: fx[x])
        let ring = Int((radius * Double(longest)).rounded())
        guard ring < rings, let gap = Self.gap(holding: angle, angles, gaps),
          !holes.contains(gap.index), radius * gaps[gap.index] * diameter >= 1.5
        else { continue }
        let place = 2 * ring + (gap.part < 0.25 || gap.part > 0.75 ? 0 : 1)
        for y in 0..<ny where radius * radius + fy[y] * fy[y] <= 0.25 + 1e-12 {
          let a = pair.coefficients(x, y, z, in: values).a
          sums[place] += a.re * a.re + a.im * a.im
          counts[place] += 1
        }
      }
      return (sums: sums, counts: counts)
    }
    var (total, near, between) = (0, 0.0, 0.0)
    for ring in 0..<rings {
      let kinds = [2 * ring, 2 * ring + 1].map { place in
        pages.reduce((sum: 0.0, count: 0)) {
          ($0.sum + $1.sums[place], $0.count + $1.counts[place])
        }
      }
      guard kinds.allSatisfy({ $0.count >= Self.fewest }) else { continue }
      total += 1
      near += kinds[0].sum / Double(kinds[0].count)
      between += kinds[1].sum / Double(kinds[1].count)
    }
    (ringCount, self.near, self.between) = (total, near, between)
  }

  private static func frequencies(_ count: Int) -> [Double] {
    (0..<count).map { Double(2 * $0 <= count ? $0 : $0 - count) / Double(count) }
  }

  /// The gap that an angle lies in, modulo 180°, and how far in.
  private static func gap(
    holding angle: Double, _ angles: [Double], _ gaps: [Double]
  ) -> (index: Int, part: Double)? {
    for index in angles.indices.reversed() {
      let past = angle - angles[index]
      let folded = past - (past / .pi).rounded(.down) * .pi
      if folded < gaps[index] { return (index, folded / gaps[index]) }
    }
    return nil
  }
}
