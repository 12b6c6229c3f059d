import SeriesIO
import Fields
import Projection
package import Reconstruction
import StackIO

extension WedgeSplitRecipe: MemoryBound {
  /// The volume, the truth, and the spectrum of a pair; then the inferred part beside them.
  package func memory() throws -> MemoryNeed {
    let axis = axis ?? .y
    let (volume, reading, shape) = try volumeBytes(path, axis: axis)
    var held = volume
    if let truth { held += try volumeBytes(truth, axis: axis).kept }
    return MemoryNeed(
      "The split",
      stages: [
        held + shape.pairBytes, held + reading,
        held + volume + shape.slabs.writingBytes + (workers.count + 1) * 8 * shape.width
          * shape.depth,
      ], cure: "crop or bin the volume")
  }
}

extension PointSpreadRecipe: MemoryBound {
  /// The run on the second probe beside the result of the first.
  package func memory() throws -> MemoryNeed {
    let cube = VolumeShape(width: size, depth: size, sliceCount: size)
    let geometry = try TiltGeometry(
      volume: cube,
      series: TiltSeriesShape(tiltCount: degrees.count, binCount: size, sliceCount: size),
      degrees: degrees)
    return MemoryNeed(
      "The probes",
      stages: [
        cube.slabs.byteCount
          + (try MemoryPlan.bytes(of: method, geometry, workers: workers.count))
      ], cure: "give a smaller --size")
  }
}

extension WedgeMaskRecipe: MemoryBound {
  /// The plane of the mask twice, and a page on its way out.
  package func memory() -> MemoryNeed {
    MemoryNeed(
      "The mask",
      stages: [4 * (2 * shape.width * shape.depth + 2 * shape.width * shape.sliceCount)],
      cure: "give a smaller --size")
  }
}

extension CoverageRecipe {
  /// A drawing of 513² pixels.
  package func memory() -> MemoryNeed {
    MemoryNeed("The coverage", stages: [4 << 20], cure: "give fewer tilts")
  }
}
