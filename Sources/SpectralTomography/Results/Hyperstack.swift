import Records
import StackIO

/// All volumes of a spectral result as one ImageJ hyperstack, `hyperstack.tif`: for every z a page a channel.
package struct Hyperstack {
  package let folder: ResultFolder
  package let record: SpectraRecord

  /// Copies page by page, channel after channel.
  package func write() throws {
    let paths = record.channels.map { folder.place($0.file) }
    guard let path = paths.first else { return }
    let info = try StackReader(path: path).info
    let (shape, count) = (info.shape, paths.count)
    var writer = try StackWriter(
      path: folder.place("hyperstack.tif"),
      shape: StackShape(
        pageCount: shape.pageCount * count, rowCount: shape.rowCount,
        columnCount: shape.columnCount),
      pixelSize: info.pixelSize, pageSpacing: info.pixelSize, channelCount: count)
    var page = [Float](repeating: 0, count: shape.pixelsPerPage)
    for (c, path) in paths.enumerated() {
      var reader = try StackReader(path: path)
      for z in 0..<shape.pageCount {
        var pixels = page.mutableSpan
        try reader.readPage(z, into: &pixels)
        try writer.write(page.span, page: z * count + c)
      }
    }
    try folder.add(try writer.seal().file)
  }
}
