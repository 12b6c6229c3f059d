package import Fields
package import Files
package import Reconstruction
package import Records
package import StackIO

/// Refuses a file that is not the one that was opened before under its name.
package func requireSame(_ stamp: FileStamp, _ before: FileStamp?, _ path: String) throws {
  guard before == nil || before == stamp else { throw FileError.changed(path: path) }
}

/// Moves the pages of a stack into a store of the same shape.
///
/// - Parameter stamp: the file that its headers were read from before.
/// - Returns: the fingerprint of the bytes that were read.
@discardableResult
package func loadPages(
  of path: String, _ stamp: FileStamp? = nil, axis: TiltAxis, policy: NonFinitePolicy,
  into store: some SlabStore, onPage: (Int) throws -> Void
) throws -> Fingerprint {
  var reader = try StackReader(path: path)
  try requireSame(reader.stamp, stamp, path)
  var census = NonFiniteCensus(policy)
  let map = PageMap(store.pageShape, axis: axis)
  precondition(
    reader.info.shape.rowCount == map.rowCount && reader.info.shape.columnCount == map.columnCount
      && reader.info.shape.pageCount == store.shape.pageCount, "the store does not fit the stack")
  var picture = try FloatStorage(allocating: map.rowCount * map.columnCount)
  var runs = try FloatStorage(allocating: store.pageShape.count)
  for page in 0..<store.shape.pageCount {
    var pixels = picture.mutableSpan
    try reader.readPage(page, into: &pixels)
    census.examine(&pixels, page: page, columnCount: map.columnCount)
    var values = runs.mutableSpan
    map.place(picture.span, page: 0, into: &values)
    try store.putPage(page, runs)
    try reader.hash(throughPage: page)
    try onPage(page)
  }
  let fingerprint = try reader.fingerprint()
  try census.settle(path: path)
  return fingerprint
}

/// What the headers of a stack say, and which file they are of.
package func headers(of path: String) throws -> (info: StackInfo, stamp: FileStamp) {
  let reader = try StackReader(path: path)
  return (reader.info, reader.stamp)
}

/// A volume, or a mask, read whole, and what it was read from.
///
/// - Parameters:
///   - axis: which way its tilt axis runs in the pictures; `y` reads page z, row y, column x.
///   - onPage: called after each page with its number and how many there are.
package func readVolume(
  _ path: String, axis: TiltAxis = .y,
  onPage: (_ page: Int, _ count: Int) throws -> Void = { _, _ in }
) throws -> (volume: Volume, file: RecordedFile) {
  let (info, stamp) = try headers(of: path)
  let (rows, columns) = (info.shape.rowCount, info.shape.columnCount)
  let shape = VolumeShape(
    width: axis == .y ? columns : rows, depth: info.shape.pageCount,
    sliceCount: axis == .y ? rows : columns)
  try MemoryPlan.require(floatCount: shape.slabs.count)
  let store = try MemoryStore(allocating: shape.slabs)
  let fingerprint = try loadPages(of: path, stamp, axis: axis, policy: .refuse, into: store) {
    try onPage($0, shape.depth)
  }
  return (
    Volume(store.field, shape: shape, voxelSize: info.pixelSize),
    RecordedFile(fingerprint, info, voxelSize: info.pixelSize)
  )
}
