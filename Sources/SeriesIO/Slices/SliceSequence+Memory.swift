package import Reconstruction
import Fields
import StackIO

extension SliceSequence: MemoryBound {
  /// A page, its picture, and along y and x the planes that are gathered in one pass.
  package func memory() throws -> MemoryNeed {
    let pages = try SequencePages(volume)
    let shape = pages.info.shape
    let plane =
      switch axis {
      case .z: shape.pixelsPerPage
      case .y: shape.pageCount * shape.columnCount
      case .x: shape.pageCount * shape.rowCount
      }
    let gathered =
      axis == .z
      ? 0 : 4 * plane * min(pages.info.count(along: axis), pages.planesAtOnce(axis, memoryLimit))
    return MemoryNeed(
      "The sequence",
      stages: [
        pages.info.pageBytes + pages.info.readerByteCount + gathered
          + 4 * plane * magnification * magnification
      ], cure: "bin the volume or lower --zoom")
  }
}

/// Orthogonal slices of several volumes, one after the other.
///
/// - Throws: `StackError` where a header cannot be read.
package func slicesMemory(_ volumes: [String], zoom: Int) throws -> MemoryNeed {
  var (largest, pictures) = (0, 0)
  for path in volumes {
    let (volume, reading, shape) = try volumeBytes(path, axis: .y)
    let planes = (shape.width + shape.depth) * (shape.sliceCount + shape.depth)
    largest = max(largest, volume + reading, volume + 12 * planes)
    pictures += 4 * planes * zoom * zoom
  }
  return MemoryNeed(
    "Drawing slices", stages: [largest + pictures], cure: "crop or bin the volumes, or lower --zoom"
  )
}

/// A comparison of volumes that are all held, with moments of a few pages.
///
/// - Throws: `StackError` where a header cannot be read.
package func comparisonMemory(_ volumes: [String]) throws -> MemoryNeed {
  var (held, largest) = (0, 0)
  for path in volumes {
    let (volume, reading, shape) = try volumeBytes(path, axis: .y)
    held += volume
    largest = max(largest, reading, 2 * 40 * 64 * shape.sliceCount)
  }
  return MemoryNeed(
    "The comparison", stages: [held + largest], cure: "crop or bin the volumes")
}
