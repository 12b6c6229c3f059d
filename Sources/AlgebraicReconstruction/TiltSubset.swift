import Fields
import Operators
import Projection

/// Some of the tilts, with their own projector and room for their projections.
struct TiltSubset {
  let projector: ParallelProjector
  /// Their places in the whole series.
  let tilts: [Int]
  /// The row and column sums of this part of `H`.
  let sums: SystemSums
  /// `[slab][tilt of the subset][bin][lane]`
  var projections: FloatStorage

  /// Some tilts of a series.
  init(_ geometry: TiltGeometry, tilts: [Int], rays: RayModel, workers: Workers) {
    self.init(geometry.subset(of: tilts), at: tilts, rays, workers)
  }

  private init(_ part: TiltGeometry, at tilts: [Int], _ rays: RayModel, _ workers: Workers) {
    projector = ParallelProjector(part, model: rays, workers: workers)
    (self.tilts, sums) = (tilts, SystemSums(projector))
    projections = FloatStorage(zeros: projector.rangeCount)
  }

  /// Deals the tilts out by angle: subset `s` of `n` gets those of rank s, s + n, s + 2n …
  ///
  /// - Returns: the subsets in the order in which they are visited, far apart from each other.
  static func interleaved(
    _ geometry: TiltGeometry, count: Int, rays: RayModel, workers: Workers
  ) -> [TiltSubset] {
    let ranked = count == 1 ? Array(geometry.tilts.indices) : TiltOrder.ranked(geometry.tilts)
    let order = TiltOrder.multilevel.visits((0..<count).map(Double.init), sweep: 1)
    return order.map { first in
      let tilts = stride(from: first, to: ranked.count, by: count).map { ranked[$0] }
      return TiltSubset(
        count == 1 ? geometry : geometry.subset(of: tilts), at: tilts, rays, workers)
    }
  }

  /// `p ← H x`
  mutating func project(_ x: FloatStorage) {
    projector.apply(x.span, into: projections.mutableSpan)
  }

  /// Moves `x` by what the projections say.
  func update(_ x: inout FloatStorage, by update: VoxelUpdate) -> VoxelChange {
    projector.applyAdjoint(projections.span, updating: x.mutableSpan, by: update)
  }
}
