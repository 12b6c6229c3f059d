package import Fields
package import Files
import Foundation
package import Reconstruction
package import Records
public import StackIO

/// Where a stack is written, and how: TIFF or MRC, by the ending of its path.
public struct StackTarget: Sendable {
  package let path: String
  package var axis = TiltAxis.y
  /// How pixels are stored, 32-bit floats by default.
  public var encoding = StackEncoding.float32
  /// The edge of a pixel in nm, for the header; recipes set it to that of their input.
  public var pixelSize: Double?
  /// nm; of a volume, the same as its pixels.
  package var pageSpacing: Double?
  /// Whether files that voxtilt did not write may be replaced.
  public var overwrites = false

  /// - Parameter path: `.tif`, `.tiff`, `.mrc` and the other endings of those formats; its sidecar is `NAME.json` beside it.
  public init(path: String) { self.path = path }

  /// The door for the stack, its sidecar and what goes beside it.
  ///
  /// Refuses what would fail after the work is done, or destroy what it was made from: an ending
  /// that names no format, a folder that is not there, an input or its sidecar as the output, and what
  /// voxtilt did not write.
  package func files(
    against inputs: [String], beside endings: [String] = []
  ) throws -> ResultFiles {
    guard StackFormat(pathExtension: (path as NSString).pathExtension) != nil else {
      throw StackError.unknownFormat(path: path)
    }
    let files = try ResultFiles(path, inputs: inputs, overwrites: overwrites)
    for ending in endings { try files.claim(basePath(of: path) + ending) }
    return files
  }

  /// Writes every page of `store` beside its place, ready to get its name.
  ///
  /// - Parameter margin: positions at either end of each page that are left out.
  package func write(
    _ store: some SlabStore, without margin: Int = 0, _ follower: Follower
  ) throws -> (receipt: StackReceipt, file: OutputFile) {
    let map = PageMap(store.pageShape.cropped(by: margin), axis: axis)
    var writer = try StackWriter(
      path: path,
      shape: StackShape(
        pageCount: store.shape.pageCount, rowCount: map.rowCount, columnCount: map.columnCount),
      pixelSize: pixelSize, pageSpacing: pageSpacing, encoding: encoding)
    var picture = try FloatStorage(allocating: map.rowCount * map.columnCount)
    for page in 0..<store.shape.pageCount {
      let runs = try store.page(page).cropped(store.pageShape, by: margin)
      var pixels = picture.mutableSpan
      map.take(page: 0, from: runs.span, into: &pixels)
      try writer.write(picture.span, page: page)
      try follower.advance(.writing, page + 1, of: store.shape.pageCount)
    }
    return try writer.seal()
  }
}

extension SlabShape {
  /// The shape without `margin` positions at either end of a page.
  fileprivate func cropped(by margin: Int) -> SlabShape {
    SlabShape(
      sliceCount: sliceCount, pageCount: pageCount, positionCount: positionCount - 2 * margin,
      laneCount: laneCount)
  }
}

extension FloatStorage {
  /// One page of all slabs, cropped likewise.
  fileprivate func cropped(_ shape: SlabShape, by margin: Int) -> FloatStorage {
    guard margin > 0 else { return self }
    let inner = shape.cropped(by: margin)
    var result = FloatStorage(zeros: inner.count)
    for slab in 0..<shape.slabCount {
      let start = slab * shape.pageLength + margin * shape.laneCount
      result.replace(
        from: slab * inner.pageLength, with: self, start..<start + inner.pageLength)
    }
    return result
  }
}
