package import Fields

/// What becomes of a voxel `v` once `g = Hᵀ p` has been gathered for it.
///
/// Without an update, `v ← g`. With one,
///
///     v ← min(max(v + step · scale(z, x) · g, lower), upper) · support          adding
///     v ← min(max(v · scale(z, x) · g, lower), upper) · support                 multiplying
///
/// A voxel whose scale is 0 is not moved, only clipped.
package struct VoxelUpdate: Sendable {
  package enum Form: Sendable { case adding, multiplying }

  /// One factor per voxel of a slice, `[z][x]`, the same for all slices.
  package var scale: FloatStorage
  package var step: Float
  package var lower: Float
  package var upper: Float
  package var form = Form.adding
  /// A factor per voxel, laid out as the whole field that the volume is a group of, or nothing.
  package var support: FloatStorage?
  /// Where the group begins in it.
  package var supportStart = 0

  package init(
    scale: FloatStorage, step: Float = 1, lower: Float = -.infinity, upper: Float = .infinity
  ) {
    (self.scale, self.step, self.lower, self.upper) = (scale, step, lower, upper)
  }
}

extension VoxelUpdate {
  /// Updates a volume `[slab][z][x][lane]` by what was gathered for it, `g`.
  func run(
    _ gathered: Span<Float>, on volume: consuming MutableSpan<Float>, _ shape: SlabShape,
    _ workers: Workers
  ) -> VoxelChange {
    let change = SliceSums(shape, partsPerSlab: shape.pageCount)
    let norm = SliceSums(shape, partsPerSlab: shape.pageCount)
    let (lanes, positions) = (shape.laneCount, shape.positionCount)
    workers.forEachSlab(of: volume, length: shape.pageLength) { part, values in
      var values = values
      let start = part * shape.pageLength
      let scales = part % shape.pageCount * positions
      var changes = [Float](repeating: 0, count: lanes)
      var norms = changes
      for i in values.indices {
        let factor = scale.span[scales + i / lanes]
        let (v, g) = (values[i], gathered[start + i])
        var next = form == .adding ? v + step * factor * g : factor == 0 ? v : v * factor * g
        next = min(max(next, lower), upper)
        if let support { next *= support.span[supportStart + start + i] }
        values[i] = next
        changes[i % lanes] += (next - v) * (next - v)
        norms[i % lanes] += next * next
      }
      change.set(part, changes)
      norm.set(part, norms)
    }
    return VoxelChange(change: change.perSlice(), norm: norm.perSlice())
  }
}

/// What an update did to each true slice.
package struct VoxelChange: Sendable {
  /// `‖Δv‖²`
  package let change: [Double]
  /// `‖v‖²` afterwards.
  package let norm: [Double]
}
