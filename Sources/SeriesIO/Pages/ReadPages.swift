package import Fields
package import Imaging
import Reconstruction
package import Records
import StackIO

/// All pages of a stack, `[page][row][column]`.
///
/// - Throws: `StackError`, also where a value is not finite; `MemoryLimitError` where memory lacks.
package func readPages(_ path: String) throws -> (Grid, FloatStorage, RecordedFile) {
  var reader = try StackReader(path: path)
  let shape = reader.info.shape
  let grid = Grid(
    planeCount: shape.pageCount, rowCount: shape.rowCount, columnCount: shape.columnCount)
  try MemoryPlan.require(floatCount: grid.count)
  var field = FloatStorage(zeros: grid.count)
  var census = NonFiniteCensus(.refuse)
  let length = shape.rowCount * shape.columnCount
  var picture = FloatStorage(zeros: length)
  for page in 0..<shape.pageCount {
    var pixels = picture.mutableSpan
    try reader.readPage(page, into: &pixels)
    census.examine(&pixels, page: page, columnCount: shape.columnCount)
    field.replace(from: page * length, with: picture, 0..<length)
    try reader.hash(throughPage: page)
  }
  try census.settle(path: path)
  return (
    grid, field,
    RecordedFile(try reader.fingerprint(), reader.info, voxelSize: reader.info.pixelSize)
  )
}
