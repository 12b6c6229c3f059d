import SeriesIO
package import Reconstruction
import Reporting
import StackIO

extension ReportRecipe: MemoryBound {
  /// What is shown as floats and as levels, a page of the file, and the sums of cubes where it is binned;
  /// then the pictures, packed and as text.
  package func memory() throws -> MemoryNeed {
    let info = try StackReader(path: volume).info
    let extent = VolumeView.Extent(
      x: info.shape.columnCount, y: info.shape.rowCount, z: info.shape.pageCount)
    let (shown, binning) = extent.shown
    let sums = binning > 1 ? 16 * shown.x * shown.y : 0
    return MemoryNeed(
      "The report",
      stages: [5 * shown.voxelCount + info.pageBytes + sums + info.readerByteCount],
      cure: "bin the volume")
  }
}
