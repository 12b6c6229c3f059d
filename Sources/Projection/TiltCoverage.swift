package import Fields
import RealModule

/// Which part of Fourier space a single-axis tilt series measures.
///
/// The projection at tilt θ is the plane of Fourier space that holds `ky` and the direction
/// `(kx, kz) = (cos θ, sin θ)` (the Fourier slice theorem). A coefficient is *sampled* where its angle
/// `atan2(kz, kx)`, modulo 180°, lies between two neighbouring tilts whose gap is no hole; whatever lies in a
/// hole, such as the missing wedge, is *missing*. What all projections see, `kx = kz = 0`, is sampled. Holes are the widest gap,
/// unless it is about as wide as the others and at most 30°, and gaps more than four times as wide as the median.
public struct TiltCoverage: Sendable, Hashable {
  package let directions: TiltDirections
  /// The sampled angles in radians, ascending; an arc that passes +90° goes on beyond it.
  package let arcs: [ClosedRange<Double>]

  /// The coverage of tilts given in radians.
  ///
  /// - Parameter radians: one angle per tilt, in any order; at least one. They count modulo π.
  public init(_ radians: [Double]) {
    directions = TiltDirections(radians)
    let (angles, holes) = (directions.angles, directions.holes)
    guard let first = holes.first else {
      arcs = [angles[0]...angles[0] + .pi]
      return
    }
    // Round the circle from the end of one hole to the beginning of the next.
    arcs = holes.indices.map { index in
      let begin = angles[(holes[index] + 1) % angles.count]
      let end = angles[index + 1 < holes.count ? holes[index + 1] : first]
      return begin...(end < begin ? end + .pi : end)
    }.sorted { $0.lowerBound < $1.lowerBound }
  }

  /// The coverage of the tilts of a geometry.
  public init(_ geometry: TiltGeometry) { self.init(geometry.tilts) }

  /// The part of the plane (kx, kz), and of the ball inside the Nyquist frequency, that is sampled: 0 to 1.
  public var sampledFraction: Double {
    min(1, arcs.reduce(0) { $0 + $1.upperBound - $1.lowerBound } / .pi)
  }
  package var missingFraction: Double { 1 - sampledFraction }
  /// Whether nothing is missing: the tilts go round the half circle without a hole.
  public var isComplete: Bool { directions.holes.isEmpty }

  /// The largest gap between neighbouring tilts inside the sampled arcs, in radians; `nil` where there
  /// is none.
  public var largestStep: Double? {
    let holes = directions.holes
    return directions.gaps.indices.filter { !holes.contains($0) }.map { directions.gaps[$0] }.max()
  }

  /// `d = D Δθ`: the finest detail of an object of diameter `D` that tilts `Δθ` apart can tell.
  ///
  /// With N tilts over the full range, Δθ = π/N, this is Crowther's π D / N.
  ///
  /// - Returns: in the unit of `diameter`; `nil` where no two tilts are neighbours.
  /// - Reference: R. A. Crowther, D. J. DeRosier and A. Klug, Proc. R. Soc. A 317, 319 (1970).
  package func resolution(diameter: Double) -> Double? { largestStep.map { diameter * $0 } }

  /// How far the point spread of back-projection is drawn out, and along which direction.
  ///
  ///     M = ∫ n nᵀ dθ over the sampled arcs,  n = (cos θ, sin θ),   e = √(λ_max / λ_min)
  ///
  /// The curvatures of the point spread at its peak are in the ratio of the eigenvalues of M, so e is
  /// the root of a ratio of curvatures, not of widths, and no large object is drawn out as much. For
  /// ±α it is `√((α + sin α cos α) / (α − sin α cos α))`, along z.
  ///
  /// - Returns: e, infinite for a single direction, and the angle from x towards z, in radians.
  /// - Reference: M. Radermacher and W. Hoppe, 7th European Congress on Electron Microscopy 1 (1980) 132.
  public var elongation: (factor: Double, direction: Double) {
    let twice = arcs.reduce((c: 0.0, s: 0.0, length: 0.0)) { sum, arc in
      let (a, b) = (arc.lowerBound, arc.upperBound)
      return (
        sum.c + (Double.sin(2 * b) - .sin(2 * a)) / 2,
        sum.s - (Double.cos(2 * b) - .cos(2 * a)) / 2, sum.length + b - a
      )
    }
    // M has the trace `length`, and (Mxx − Mzz, 2 Mxz) = (c, s). One direction is the limit of short arcs.
    let anisotropy =
      twice.length > 0 ? Double.hypot(twice.c, twice.s) / twice.length : 1
    let axis =
      twice.length > 0 ? Double.atan2(y: twice.s, x: twice.c) / 2 : directions.angles[0]
    let along = axis + .pi / 2
    return (
      anisotropy < 1 ? ((1 + anisotropy) / (1 - anisotropy)).squareRoot() : .infinity,
      along - (along / .pi).rounded(.up) * .pi + .pi
    )
  }
}

extension TiltCoverage {
  /// How far inside the sampled arcs the direction of (kx, kz) lies, in radians: negative in a hole,
  /// where it is the distance to the nearest arc.
  package func depth(kx: Double, kz: Double) -> Double {
    guard !isComplete else { return .pi / 2 }
    guard kx != 0 || kz != 0 else { return .pi / 2 }
    let angle = Double.atan2(y: kz, x: kx)
    return arcs.map { arc in
      let half = (arc.upperBound - arc.lowerBound) / 2
      let offset = angle - (arc.lowerBound + half)
      return half - abs(offset - (offset / .pi).rounded() * .pi)
    }.max() ?? -.pi / 2
  }

  /// 1 where Fourier space is sampled, 0 where it is missing, `[z][x]` in the order of a discrete
  /// transform of `depth` × `width` voxels: frequency 0 first, negative ones in the second half.
  ///
  /// The values are alike at k and −k, so that what passes of a real volume is real. All `ky` share them.
  ///
  /// - Parameter softness: radians over which the edge rises, as half a period of a cosine; 0 is sharp.
  package func mask(width: Int, depth: Int, softness: Double = 0) -> FloatStorage {
    var storage = FloatStorage(zeros: width * depth)
    var values = storage.mutableSpan
    for row in 0..<depth {
      for column in 0..<width {
        // At the Nyquist frequency of an even length both signs are one coefficient.
        let xs = Self.frequencies(column, of: width)
        let zs = Self.frequencies(row, of: depth)
        let weights = xs.flatMap { x in zs.map { weight(kx: x, kz: $0, softness: softness) } }
        values[row * width + column] = Float(weights.reduce(0, +) / Double(weights.count))
      }
    }
    return storage
  }

  private func weight(kx: Double, kz: Double, softness: Double) -> Double {
    let depth = depth(kx: kx, kz: kz)
    // A hair of tolerance: the outermost tilts themselves are measured.
    guard softness > 0 else { return depth >= -1e-9 ? 1 : 0 }
    return (1 + Double.sin(.pi * max(-0.5, min(0.5, depth / softness)))) / 2
  }

  private static func frequencies(_ index: Int, of count: Int) -> [Double] {
    let frequency = Double(2 * index <= count ? index : index - count) / Double(count)
    return 2 * index == count ? [frequency, -frequency] : [frequency]
  }
}
