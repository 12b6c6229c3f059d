package import Reconstruction
import SeriesIO
import Fields
import Phantoms
import Projection
import StackIO

extension Simulation: MemoryBound {
  /// The series, the volume that is projected where it is a file, what the projector holds, and a page on
  /// its way.
  package func memory() throws -> MemoryNeed {
    let shape: VolumeShape
    var (volume, reading) = (0, 0)
    switch object {
    case .phantom(let phantom, _): shape = phantom.volume
    case .volume(let path, _): (volume, reading, shape) = try volumeBytes(path, axis: target.axis)
    }
    let series = TiltSeriesShape(
      tiltCount: tilts.degrees.count, binCount: binCount ?? shape.width,
      sliceCount: shape.sliceCount
    ).slabs
    let sharp = optics == nil ? 0 : series.byteCount
    let tiles = volume > 0 ? workers.count * (2 << 20) : 0
    return MemoryNeed(
      "The series",
      stages: [
        volume + reading,
        volume + series.byteCount + sharp + tiles + series.writingBytes + 400 * series.pageCount,
      ],
      cure: volume > 0
        ? "give fewer tilts, fewer --bins or a binned volume"
        : "give fewer tilts, fewer --bins or a smaller --size"
    )
  }
}
