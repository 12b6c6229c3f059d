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

/// What an update did to each true slice.
package struct VoxelChange: Sendable {
  /// `‖Δv‖²`
  package let change: [Double]
  /// `‖v‖²` afterwards.
  package let norm: [Double]
}
