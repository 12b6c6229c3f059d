package import Fields

/// What a sweep holds a voxel to, and how far it goes.
package struct SweepBounds: Sendable {
  /// `β`
  package var relaxation: Float
  package var lower: Float
  package var upper: Float

  package init(relaxation: Float, lower: Float = -.infinity, upper: Float = .infinity) {
    (self.relaxation, self.lower, self.upper) = (relaxation, lower, upper)
  }
}

/// What a sweep did to each true slice.
package struct SweepSums: Sendable {
  /// `Σ_t ‖y_t − H_t x‖²`, each as it was met.
  package let residual: [Double]
  /// `‖Δx‖²` of the whole sweep.
  package let change: [Double]
  /// `‖x‖²` afterwards.
  package let norm: [Double]
}

/// One tilt after the other, `x ← clip(x + β C_t H_tᵀ R_t (y_t − H_t x))`, with thin rays.
///
/// The volume streams once per tilt: as soon as a voxel has its new value it goes into the projection
/// of the next tilt. Each slab does the whole sweep by itself, so that one slab per worker stays in
/// cache. Cost: O(voxels × tilts).
package struct TiltSweep: Sendable {
  private let geometry: TiltGeometry
  /// `R`, `[tilt][bin]`.
  private let rowWeights: FloatStorage
  private let workers: Workers
  private let rays: [TiltRays]
  private let slabs: ScratchPool
  private let bins: ScratchPool

  package init(_ geometry: TiltGeometry, rowWeights: FloatStorage, workers: Workers) {
    precondition(rowWeights.count == geometry.series.slabs.runCount, "one weight a bin")
    (self.geometry, self.rowWeights, self.workers) = (geometry, rowWeights, workers)
    rays = geometry.tilts.indices.map { TiltRays(geometry, tilt: $0) }
    let padded = (geometry.series.binCount + 4) * geometry.volume.slabs.laneCount
    (slabs, bins) = (
      ScratchPool(length: geometry.volume.slabs.slabLength), ScratchPool(length: padded)
    )
  }

  /// Visits the tilts of `order` once each.
  ///
  /// - Parameter support: a factor per voxel, laid out as the volume, or nothing.
  package func run(
    _ volume: consuming MutableSpan<Float>, to measured: Span<Float>, order: [Int],
    bounds: SweepBounds, support: Span<Float>
  ) -> SweepSums {
    switch geometry.volume.slabs.laneCount {
    case 32: run(volume, measured, order, bounds, support, lanes: SweepKernel<32>.self)
    case 8: run(volume, measured, order, bounds, support, lanes: SweepKernel<8>.self)
    default: run(volume, measured, order, bounds, support, lanes: SweepKernel<1>.self)
    }
  }

  private func run<let lanes: Int>(
    _ volume: consuming MutableSpan<Float>, _ measured: Span<Float>, _ order: [Int],
    _ bounds: SweepBounds, _ support: Span<Float>, lanes: SweepKernel<lanes>.Type
  ) -> SweepSums {
    let (field, series) = (geometry.volume.slabs, geometry.series.slabs)
    precondition(volume.count == field.count && measured.count == series.count)
    precondition(support.isEmpty || support.count == field.count)
    let kernel = SweepKernel<lanes>(volume: field, binCount: series.positionCount)
    let views = rays.map(SweepKernel<lanes>.View.init)
    let residual = SliceSums(series, partsPerSlab: series.pageCount)
    let change = SliceSums(field, partsPerSlab: field.pageCount)
    let norm = SliceSums(field, partsPerSlab: field.pageCount)
    workers.forEachSlab(of: volume, length: field.slabLength) { slab, values in
      var values = values
      let y = measured.extracting(slab * series.slabLength..<(slab + 1) * series.slabLength)
      let mask =
        support.isEmpty
        ? support : support.extracting(slab * field.slabLength..<(slab + 1) * field.slabLength)
      slabs.withScratch { before in
        var start = before.mutableSpan
        start.copy(0..<field.slabLength, of: values.span, to: 0)
        bins.withScratch { prediction in
          bins.withScratch { remainder in
            var p = prediction.mutableSpan
            var r = remainder.mutableSpan
            kernel.sweep(
              views, order, bounds, y, rowWeights.span, mask, &values, prediction: &p,
              residual: &r
            ) { tilt, squares in
              residual.set(slab * series.pageCount + tilt, squares)
            }
          }
        }
        for z in 0..<field.pageCount {
          let (moved, size) = kernel.squares(ofRow: z, values.span, before: before.span)
          change.set(slab * field.pageCount + z, moved)
          norm.set(slab * field.pageCount + z, size)
        }
      }
    }
    return SweepSums(
      residual: residual.perSlice(), change: change.perSlice(), norm: norm.perSlice())
  }
}

extension SweepKernel {
  /// One sweep of one slab, whose measurements are `y`.
  fileprivate func sweep(
    _ views: [View], _ order: [Int], _ bounds: SweepBounds, _ y: Span<Float>,
    _ rowWeights: Span<Float>, _ support: Span<Float>, _ values: inout MutableSpan<Float>,
    prediction: inout MutableSpan<Float>, residual: inout MutableSpan<Float>,
    onTilt: (_ tilt: Int, _ squares: [Float]) -> Void
  ) {
    residual.update(repeating: 0)
    guard let first = order.first else { return }
    step(
      update: nil, residual.span, project: views[first], &prediction, volume: &values,
      support: support, bounds)
    for (k, tilt) in order.enumerated() {
      let page = binCount * laneCount
      let squares = formResidual(
        views[tilt], prediction.span, measured: y.extracting(tilt * page..<(tilt + 1) * page),
        rowWeights: rowWeights.extracting(tilt * binCount..<(tilt + 1) * binCount),
        into: &residual)
      onTilt(tilt, squares.indices.map { squares[$0] })
      step(
        update: views[tilt], residual.span,
        project: k + 1 < order.count ? views[order[k + 1]] : nil, &prediction, volume: &values,
        support: support, bounds)
    }
  }

  /// `‖v − before‖²` and `‖v‖²` of each lane in one row of voxels.
  fileprivate func squares(
    ofRow z: Int, _ values: Span<Float>, before: Span<Float>
  ) -> ([Float], [Float]) {
    precondition(values.count == volume.slabLength && before.count == values.count)
    var change = InlineArray<laneCount, Float>(repeating: 0)
    var norm = InlineArray<laneCount, Float>(repeating: 0)
    for i in stride(
      from: z * volume.pageLength, to: (z + 1) * volume.pageLength, by: laneCount)
    {
      for l in 0..<laneCount {
        let value = unsafe values[unchecked: i &+ l]
        let difference = unsafe value - before[unchecked: i &+ l]
        unsafe change[unchecked: l] += difference * difference
        unsafe norm[unchecked: l] += value * value
      }
    }
    return (change.indices.map { change[$0] }, norm.indices.map { norm[$0] })
  }
}
