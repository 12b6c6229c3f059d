import Fields
import Projection

/// The constant from which a slice of counts begins.
struct CountStart: Sendable {
  let field: SlabShape
  let series: SlabShape
  /// 1 for voxels that some ray meets, `[z][x]`.
  private let seen: FloatStorage
  /// `Σ Hᵀ 1`
  private let total: Double
  private let workers: Workers

  init(_ subsets: [TiltSubset], _ geometry: TiltGeometry) {
    (field, series) = (geometry.volume.slabs, geometry.series.slabs)
    workers = subsets[0].projector.workers
    var seen = FloatStorage(zeros: field.runCount)
    var values = seen.mutableSpan
    var total = 0.0
    for subset in subsets {
      let columns = subset.sums.columns.span
      for i in columns.indices {
        total += Double(columns[i])
        if columns[i] > 1e-6 { values[i] = 1 }
      }
    }
    (self.seen, self.total) = (seen, total)
  }

  /// Fills slices that are zero throughout with `Σ y / Σ Hᵀ 1`.
  func fill(_ x: inout FloatStorage, _ measured: FloatStorage) {
    guard total > 0 else { return }
    workers.forEachSlab(of: x.mutableSpan, length: field.slabLength) { slab, values in
      var values = values
      for lane in 0..<field.slices(of: slab).count {
        let isZero = stride(from: lane, to: values.count, by: field.laneCount)
          .allSatisfy { values[$0] == 0 }
        guard isZero else { continue }
        let first = slab * series.slabLength + lane
        let counts = stride(from: first, to: first + series.slabLength, by: series.laneCount)
          .reduce(0.0) { $0 + Double(measured.span[$1]) }
        let constant = Float(counts / total)
        for voxel in 0..<field.runCount {
          values[voxel * field.laneCount + lane] = constant * seen.span[voxel]
        }
      }
    }
  }
}
