import SeriesIO
import Fields
import Phantoms
import Projection
package import Reconstruction
import StackIO

extension PlanRecipe: MemoryBound {
  /// The truth and two series with most tilts; then a run of a method, or its result and the spectra of both.
  package func memory() throws -> MemoryNeed {
    let shape: VolumeShape
    var reading = 0
    switch object {
    case .phantom(let phantom, _): shape = phantom.volume
    case .volume(let path, _): (_, reading, shape) = try volumeBytes(path, axis: .y)
    }
    let count = grid.tiltCounts.max() ?? 1
    let geometry = try TiltGeometry(
      volume: shape,
      series: TiltSeriesShape(
        tiltCount: count, binCount: shape.width, sliceCount: shape.sliceCount),
      degrees: DoseGrid.tilts(count, range: grid.range))
    let series = geometry.series.slabs.byteCount
    // Of a run the plan counts the series, which is held here already.
    let runs = try methods.map {
      try MemoryPlan.bytes(of: try $0.make(1), geometry, workers: workers.count) - series
    }
    let volume = shape.slabs.byteCount
    return MemoryNeed(
      "The plan",
      stages: [
        volume + 2 * series + (runs.max() ?? 0), 2 * volume + 2 * series + shape.pairBytes,
        volume + reading,
      ], cure: "give a smaller --size or a binned volume")
  }
}
