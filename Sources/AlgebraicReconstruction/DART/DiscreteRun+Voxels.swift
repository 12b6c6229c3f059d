import Fields
import Projection
import Reconstruction
import Statistics

extension DiscreteRun {
  /// `s ←` the level nearest to each voxel.
  mutating func segment(_ x: FloatStorage) {
    scale.segment(x, into: &segmented, shape, workers)
  }

  /// The same with what it changes, `‖Δs‖²` of each slice.
  mutating func resegment(_ x: FloatStorage) -> [Double] {
    scale.segment(x, into: &between, shape, workers)
    let one = [Double](repeating: 1, count: shape.sliceCount)
    let change = combine(
      &segmented, times: one.map { -$0 }, plus: between, times: one, shape: shape, workers: workers)
    swap(&segmented, &between)
    return change
  }

  /// `‖s‖²` of each slice.
  func norm() -> [Double] { squares(segmented, shape: shape, workers: workers) }

  /// `free ←` 1 where a neighbour has another level, 0 elsewhere.
  mutating func formBoundary() {
    around.join(segmented, JoinMost.self, between: &between, into: &free)
    around.join(segmented, JoinLeast.self, between: &between, into: &scratch)
    let (least, length) = (scratch, shape.pageLength)
    workers.forEachSlab(of: free.mutableSpan, length: length) { page, values in
      var values = values
      let least = least.span.extracting(page * length..<(page + 1) * length)
      for i in values.indices { values[i] = values[i] > least[i] ? 1 : 0 }
    }
  }

  /// Frees others by chance, each for itself: no slab's depend on another's.
  mutating func freeAtRandom(_ iteration: Int) {
    let (shape, seed) = (shape, method.schedule.seed)
    let threshold = UInt64(method.schedule.freeFraction * 0x1p32)
    workers.forEachSlab(of: free.mutableSpan, length: shape.pageLength) { page, values in
      var values = values
      let (slab, z) = page.quotientAndRemainder(dividingBy: shape.pageCount)
      for slice in shape.slices(of: slab) {
        // One stream for each line of voxels.
        var random = SplitMix64(seed: seed, tilt: iteration, slice: slice, bin: z)
        let lane = slice % shape.laneCount
        for position in 0..<shape.positionCount where random.next() >> 32 < threshold {
          values[position * shape.laneCount + lane] = 1
        }
      }
    }
  }

  /// `scratch ← s_F`, and zero in `x` where it stands: the voxels that are not free.
  mutating func split(_ x: inout FloatStorage) {
    let (s, free, length) = (segmented, free, shape.pageLength)
    workers.forEachSlab(of: scratch.mutableSpan, length: length) { page, values in
      var values = values
      let range = page * length..<(page + 1) * length
      let (s, free) = (s.span.extracting(range), free.span.extracting(range))
      for i in values.indices { values[i] = s[i] * (1 - free[i]) }
    }
    workers.forEachSlab(of: x.mutableSpan, length: length) { page, values in
      var values = values
      let free = free.span.extracting(page * length..<(page + 1) * length)
      for i in values.indices { values[i] *= free[i] }
    }
  }

  /// `x ← (1 − b) x + b (mean of the neighbours)` where it is free.
  mutating func smooth(_ x: inout FloatStorage) {
    let b = method.schedule.smoothing
    guard b > 0 else { return }
    around.join(x, JoinSum.self, between: &between, into: &scratch)
    let (sums, free, length) = (scratch, free, shape.pageLength)
    let part = b / Float(around.neighbourCount)
    workers.forEachSlab(of: x.mutableSpan, length: length) { page, values in
      var values = values
      let range = page * length..<(page + 1) * length
      let (sums, free) = (sums.span.extracting(range), free.span.extracting(range))
      for i in values.indices {
        let value = values[i]
        values[i] += free[i] * (part * (sums[i] - value) - b * value)
      }
    }
  }
}
