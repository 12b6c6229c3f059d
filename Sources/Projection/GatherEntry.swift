/// One tilt (or half of one) as voxels see it: two neighbouring bins and their weights.
struct GatherEntry: Sendable {
  /// How the weights of bins `b` and `b + 1` follow from where a voxel lands.
  enum Weights: Sendable {
    /// `max(0, 1 − |D| · perReach)`, distances in units of 2⁻²⁴ bins.
    case share(perReach: Float)
    case footprint(Footprint)
  }

  let tilt: Int
  let rays: TiltRays
  let weights: Weights
  /// Multiplies every bin of this tilt.
  let factor: Float
  /// The first of the two bins, relative to the one at or before the voxel.
  let shift: Int

  /// The entries of the adjoint of projection by `model`.
  static func adjoint(_ rays: [TiltRays], model: RayModel) -> [GatherEntry] {
    rays.enumerated().flatMap { tilt, rays -> [GatherEntry] in
      switch model {
      case .joseph:
        let perReach = Float(Double(1 << 8) / Double(rays.reach))
        return [
          GatherEntry(
            tilt: tilt, rays: rays, weights: .share(perReach: perReach), factor: rays.pathPerRow,
            shift: 0)
        ]
      case .strip:
        return [-1, 1].map {
          GatherEntry(
            tilt: tilt, rays: rays, weights: .footprint(Footprint(rays)), factor: 1, shift: $0)
        }
      }
    }
  }

  /// The entries of linear interpolation between bins, each tilt times its own factor.
  static func interpolation(_ rays: [TiltRays], factors: [Float]) -> [GatherEntry] {
    rays.indices.map {
      GatherEntry(
        tilt: $0, rays: rays[$0], weights: .share(perReach: 1 / Float(1 << 24)),
        factor: factors[$0], shift: 0)
    }
  }

  /// The weights and runs of sixteen voxels of a row, the first of which lands at `position`.
  @inline(__always)
  func formWeights(
    from position: Int, near: inout InlineArray<64, Float>, far: inout InlineArray<64, Float>,
    runs: inout InlineArray<64, Int32>, at first: Int, window: Int, laneCount: Int
  ) {
    // Inside a tile 24 bits of fraction leave room for 128 bins.
    let start = Int32(truncatingIfNeeded: position >> 8)
    let step = Int32(truncatingIfNeeded: rays.perX >> 8)
    let (window, lanes) = (Int32(truncatingIfNeeded: window), Int32(truncatingIfNeeded: laneCount))
    let one: Int32 = 1 << 24
    for x in 0..<16 {
      let u = start &+ Int32(truncatingIfNeeded: x) &* step
      unsafe runs[unchecked: first &+ x] = ((u >> 24) &+ window) &* lanes
    }
    switch weights {
    case .share(let perReach):
      for x in 0..<16 {
        let fraction = (start &+ Int32(truncatingIfNeeded: x) &* step) & (one &- 1)
        let a = share(fraction, reciprocalReach: perReach)
        let b = share(one &- fraction, reciprocalReach: perReach)
        unsafe near[unchecked: first &+ x] = a > 0 ? a : 0
        unsafe far[unchecked: first &+ x] = b > 0 ? b : 0
      }
    case .footprint(let footprint):
      let (perOne, offset) = (1 / Float(one), Float(shift))
      for x in 0..<16 {
        let fraction = (start &+ Int32(truncatingIfNeeded: x) &* step) & (one &- 1)
        let distance = offset - Float(fraction) * perOne
        unsafe near[unchecked: first &+ x] = footprint.weight(distance)
        unsafe far[unchecked: first &+ x] = footprint.weight(distance + 1)
      }
    }
  }
}
