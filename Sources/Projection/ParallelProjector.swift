public import Fields
public import Operators

/// The parallel-beam projector `H` of a single-axis tilt series, and its exact adjoint.
///
/// A projection value is the line integral of the density along the ray of one bin, lengths in
/// voxels; where the geometry has optics with a response `B`, `H = B ∘ Radon`. Volumes are `[slab][z][x][lane]`, projections `[slab][tilt][bin][lane]`. Each slice is
/// projected by itself, with weights that all slices share. Cost: O(voxels × tilts).
public struct ParallelProjector: LinearOperator {
  /// Volume, detector and tilts.
  public let geometry: TiltGeometry
  package let model: RayModel
  package let workers: Workers
  private let rays: [TiltRays]
  private let adjoint: [GatherEntry]
  private let scratch: ScratchPool

  /// Prepares the rays of all tilts; weights are computed during projection and not stored.
  ///
  /// - Parameter model: how a ray shares itself among voxels; thin rays by default.
  public init(_ geometry: TiltGeometry, model: RayModel = .joseph, workers: Workers = .all) {
    self.geometry = geometry.seen(through: geometry.optics?.map { $0.running(on: workers) })
    (self.model, self.workers) = (model, workers)
    rays = geometry.tilts.indices.map { TiltRays(geometry, tilt: $0) }
    adjoint = GatherEntry.adjoint(rays, model: model)
    let length =
      switch geometry.volume.slabs.laneCount {
      case 32: max(March<32>.scratchLength, Gather<32>.scratchLength)
      case 8: max(March<8>.scratchLength, Gather<8>.scratchLength)
      default: max(March<1>.scratchLength, Gather<1>.scratchLength)
      }
    scratch = ScratchPool(length: length)
  }

  private var detector: Range<Int> { 0..<geometry.series.binCount }
  public var domainCount: Int { geometry.volume.slabs.count }
  public var rangeCount: Int { geometry.series.slabs.count }

  /// `p ← H v`
  public func apply(_ volume: Span<Float>, into projections: consuming MutableSpan<Float>) {
    guard let optics = geometry.optics else { return project(volume, into: projections) }
    guard !optics.isLayered else {
      return LayeredRays(geometry, optics, workers: workers).project(volume, into: projections)
    }
    var sharp = FloatStorage(zeros: rangeCount)
    project(volume, into: sharp.mutableSpan)
    optics.responses[0].apply(sharp.span, into: projections)
  }

  private func project(_ volume: Span<Float>, into projections: consuming MutableSpan<Float>) {
    switch geometry.volume.slabs.laneCount {
    case 32: march(volume, into: projections, lanes: March<32>.self)
    case 8: march(volume, into: projections, lanes: March<8>.self)
    default: march(volume, into: projections, lanes: March<1>.self)
    }
  }

  /// `v ← Hᵀ p`
  public func applyAdjoint(_ projections: Span<Float>, into volume: consuming MutableSpan<Float>) {
    _ = backProject(projections, update: nil, into: volume)
  }

  /// `v ← clip(v + step · scale · Hᵀ p)`, without a second volume.
  package func applyAdjoint(
    _ projections: Span<Float>, updating volume: consuming MutableSpan<Float>,
    by update: VoxelUpdate
  ) -> VoxelChange {
    precondition(update.scale.count == geometry.volume.slabs.runCount, "one scale a voxel")
    return backProject(projections, update: update, into: volume)
  }

  private func backProject(
    _ projections: Span<Float>, update: VoxelUpdate?, into volume: consuming MutableSpan<Float>
  ) -> VoxelChange {
    guard let optics = geometry.optics else {
      return gather(adjoint, projections, bins: detector, update: update, into: volume)
    }
    guard !optics.isLayered else {
      return backProject(
        projections, LayeredRays(geometry, optics, workers: workers), update: update, into: volume)
    }
    var sharp = FloatStorage(zeros: rangeCount)
    optics.responses[0].applyAdjoint(projections, into: sharp.mutableSpan)
    return gather(adjoint, sharp.span, bins: detector, update: update, into: volume)
  }

  /// `v ← Σ_θ factor(θ) · p(θ, u)`, with `p` interpolated linearly between bins at the place `u`
  /// where each voxel lands, and zero beyond the bins.
  ///
  /// This is the back-projection of filtered back-projection, not the adjoint of ``apply``; it knows no optics.
  ///
  /// - Parameters:
  ///   - projections: `[slab][tilt][bin][lane]`.
  ///   - bins: the bins that these lines hold; the detector's are `0 ..< binCount`.
  package func backProjectInterpolating(
    _ projections: Span<Float>, bins: Range<Int>, factors: [Float],
    into volume: consuming MutableSpan<Float>
  ) {
    precondition(factors.count == rays.count, "one factor a tilt")
    _ = gather(
      GatherEntry.interpolation(rays, factors: factors), projections, bins: bins, update: nil,
      into: volume)
  }

  private func backProject(
    _ projections: Span<Float>, _ rays: LayeredRays, update: VoxelUpdate?,
    into volume: consuming MutableSpan<Float>
  ) -> VoxelChange {
    guard let update else {
      rays.backProject(projections, into: volume)
      return VoxelChange(change: [], norm: [])
    }
    var gathered = FloatStorage(zeros: domainCount)
    rays.backProject(projections, into: gathered.mutableSpan)
    return update.run(gathered.span, on: volume, geometry.volume.slabs, workers)
  }

  private func march<let lanes: Int>(
    _ volume: Span<Float>, into projections: consuming MutableSpan<Float>, lanes: March<lanes>.Type
  ) {
    let (field, series) = (geometry.volume.slabs, geometry.series.slabs)
    precondition(volume.count == field.count && projections.count == series.count)
    // A part is some tilts of one slab.
    let cuts = pieces(of: series.pageCount, grain: 1, slabs: series.slabCount)
    let parts = (0..<series.slabCount).flatMap { slab in
      cuts.map { (slab: slab, tilts: $0) }
    }
    let ranges = parts.map { part in
      let start = part.slab * series.slabLength
      return start + part.tilts.lowerBound * series.pageLength..<start
        + part.tilts.upperBound * series.pageLength
    }
    let march = March<lanes>(volume: field, binCount: series.positionCount, model: model)
    workers.forEachPart(of: projections, ranges) { index, values in
      var values = values
      let part = parts[index]
      let slab = volume.extracting(
        part.slab * field.slabLength..<(part.slab + 1) * field.slabLength)
      scratch.withScratch { scratch in
        var scratch = scratch.mutableSpan
        march.project(slab, tilts: rays[part.tilts], into: &values, scratch: &scratch)
      }
    }
  }

  private func gather(
    _ entries: [GatherEntry], _ projections: Span<Float>, bins: Range<Int>, update: VoxelUpdate?,
    into volume: consuming MutableSpan<Float>
  ) -> VoxelChange {
    switch geometry.volume.slabs.laneCount {
    case 32: gather(entries, projections, bins, update, into: volume, lanes: Gather<32>.self)
    case 8: gather(entries, projections, bins, update, into: volume, lanes: Gather<8>.self)
    default: gather(entries, projections, bins, update, into: volume, lanes: Gather<1>.self)
    }
  }

  private func gather<let lanes: Int>(
    _ entries: [GatherEntry], _ projections: Span<Float>, _ bins: Range<Int>,
    _ update: VoxelUpdate?, into volume: consuming MutableSpan<Float>, lanes: Gather<lanes>.Type
  ) -> VoxelChange {
    let (field, series) = (geometry.volume.slabs, geometry.series.slabs.holding(bins))
    precondition(volume.count == field.count && projections.count == series.count)
    // A part is some rows of tiles of one slab.
    let cuts = pieces(of: field.pageCount, grain: Gather<lanes>.height, slabs: field.slabCount)
    let parts = (0..<field.slabCount).flatMap { slab in cuts.map { (slab: slab, rows: $0) } }
    let ranges = parts.map { part in
      let start = part.slab * field.slabLength
      return start + part.rows.lowerBound * field.pageLength..<start
        + part.rows.upperBound * field.pageLength
    }
    let gather = Gather<lanes>(volume: field, bins: bins, entries: entries)
    let tileRows = (field.pageCount + Gather<lanes>.height - 1) / Gather<lanes>.height
    let change = SliceSums(field, partsPerSlab: tileRows)
    let norm = SliceSums(field, partsPerSlab: tileRows)
    workers.forEachPart(of: volume, ranges) { index, values in
      var values = values
      let part = parts[index]
      let slab = projections.extracting(
        part.slab * series.slabLength..<(part.slab + 1) * series.slabLength)
      scratch.withScratch { scratch in
        var scratch = scratch.mutableSpan
        gather.backProject(
          slab, rows: part.rows, update: update, slabStart: part.slab * field.slabLength,
          into: &values, scratch: &scratch
        ) { row, sums in
          change.set(part.slab * tileRows + row, sums.change.indices.map { sums.change[$0] })
          norm.set(part.slab * tileRows + row, sums.norm.indices.map { sums.norm[$0] })
        }
      }
    }
    return VoxelChange(change: change.perSlice(), norm: norm.perSlice())
  }

  /// Cuts the pages of a slab so that every worker has as much to do as the others. Where the cuts
  /// fall changes no result.
  private func pieces(of pageCount: Int, grain: Int, slabs: Int) -> [Range<Int>] {
    let isEven = slabs.isMultiple(of: workers.count) || slabs >= 16 * workers.count
    let grains = (pageCount + grain - 1) / grain
    let count = isEven ? 1 : min(workers.count, grains)
    return (0..<count).map { piece in
      grains * piece / count * grain..<min(pageCount, grains * (piece + 1) / count * grain)
    }
  }
}
