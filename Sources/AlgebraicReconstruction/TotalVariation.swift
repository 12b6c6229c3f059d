package import Fields

/// The smoothed isotropic total variation of a volume, and its gradient:
///
///     TV(x) = Σ √(‖∇x‖² + ε²),      ∇x: forward differences, zero across the last voxel
///
/// Along y, lanes and then slabs are neighbours; the last true slice is the end, and padding lanes
/// get a gradient of zero. Every sum is formed page by page, so that no result depends on workers.
///
/// It holds two fields of the volume's size and is not copyable, so that neither is copied unseen.
package struct TotalVariation: ~Copyable {
  let shape: SlabShape
  let axes: VariationAxes
  let workers: Workers
  /// `1 / √(‖∇x‖² + ε²)`
  private var inverseNorm: FloatStorage
  package private(set) var gradient: FloatStorage

  package init(_ shape: SlabShape, axes: VariationAxes, workers: Workers) {
    (self.shape, self.axes, self.workers) = (shape, axes, workers)
    (inverseNorm, gradient) = (FloatStorage(zeros: shape.count), FloatStorage(zeros: shape.count))
  }

  /// Forms the gradient at `x`.
  ///
  /// - Parameter smoothing: `ε`, one a slice.
  /// - Returns: TV and `‖∂TV‖²` of each true slice.
  package mutating func formGradient(at x: FloatStorage, smoothing: [Double]) -> (
    value: [Double], squares: [Double]
  ) {
    precondition(x.count == shape.count && smoothing.count == shape.sliceCount)
    switch shape.laneCount {
    case 32: return form(x, smoothing, lanes: VariationKernel<32>.self)
    case 8: return form(x, smoothing, lanes: VariationKernel<8>.self)
    default: return form(x, smoothing, lanes: VariationKernel<1>.self)
    }
  }

  private mutating func form<let lanes: Int>(
    _ x: FloatStorage, _ smoothing: [Double], lanes: VariationKernel<lanes>.Type
  ) -> (value: [Double], squares: [Double]) {
    let (shape, workers) = (shape, workers)
    let kernels = (0..<shape.slabCount).map {
      VariationKernel<lanes>(shape, slab: $0, along: axes, smoothing: smoothing)
    }
    let value = SliceSums(shape, partsPerSlab: shape.pageCount)
    workers.forEachSlab(of: inverseNorm.mutableSpan, length: shape.pageLength) { page, w in
      var w = w
      value.set(
        page, kernels[page / shape.pageCount].invert(x.span, page: page, into: &w))
    }
    let squares = SliceSums(shape, partsPerSlab: shape.pageCount)
    let inverse = inverseNorm
    workers.forEachSlab(of: gradient.mutableSpan, length: shape.pageLength) { page, g in
      var g = g
      squares.set(
        page,
        kernels[page / shape.pageCount].gradient(x.span, inverse.span, page: page, into: &g))
    }
    return (value.perSlice(), squares.perSlice())
  }

  /// Takes `count` steps down the normalised gradient, `x ← clip(x − length · g / ‖g‖) · support`.
  ///
  /// - Parameter lengths: one a slice; the same for all where TV couples them.
  /// - Returns: `‖x‖²` of each true slice afterwards.
  mutating func descend(
    _ x: inout FloatStorage, steps count: Int, lengths: [Double], smoothing: [Double],
    constraint: VoxelConstraint
  ) -> [Double] {
    for _ in 0..<count {
      let squares = formGradient(at: x, smoothing: smoothing).squares
      let factors = zip(lengths, pooled(squares)).map { $1 > 0 ? -$0 / $1.squareRoot() : 0 }
      move(
        &x, along: gradient, times: factors, constraint: constraint, shape: shape, workers: workers)
    }
    return AlgebraicReconstruction.squares(x, shape: shape, workers: workers)
  }

  /// Sums of each slice, or where TV couples slices their total for every one of them.
  func pooled(_ sums: [Double]) -> [Double] {
    axes == .slice ? sums : sums.map { [total = sums.reduce(0, +)] _ in total }
  }

  /// `fraction` times the root mean square of the voxels, one a slice.
  ///
  /// - Parameter norm: `‖x‖²` of each true slice.
  func smoothing(_ fraction: Float, norm: [Double]) -> [Double] {
    let count = axes == .slice ? shape.runCount : shape.valueCount
    return pooled(norm).map { Double(fraction) * ($0 / Double(count)).squareRoot() }
  }
}

/// Along which axes total variation looks.
public enum VariationAxes: String, Sendable, Codable, CaseIterable {
  /// `x` and `z`: each slice by itself.
  case slice
  /// `x`, `y` and `z`.
  case volume
}
