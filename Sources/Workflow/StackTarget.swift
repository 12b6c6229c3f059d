public import Fields
public import Reconstruction
public import StackIO

/// Where a stack is written, and how.
public struct StackTarget: Sendable {
  public let path: String
  public var axis = TiltAxis.y
  public var encoding = StackEncoding.float32
  /// nm
  public var pixelSize: Double?
  /// nm; of a volume, the same as its pixels.
  public var pageSpacing: Double?

  public init(path: String) { self.path = path }

  /// Refuses a path that is one of the inputs.
  public func check(against inputs: [String]) throws {
    for input in inputs where canonical(input) == canonical(path) {
      throw WorkflowError.sameFile(path: path)
    }
  }

  /// Writes every page of `store`, and the file appears when it is whole.
  public func write(_ store: some SlabStore, onPage: (Int) throws -> Void) throws -> StackReceipt {
    let map = PageMap(store.pageShape, axis: axis)
    var writer = try StackWriter(
      path: path,
      shape: StackShape(
        pageCount: store.shape.pageCount, rowCount: map.rowCount, columnCount: map.columnCount),
      pixelSize: pixelSize, pageSpacing: pageSpacing, encoding: encoding)
    var picture = FloatStorage(zeros: map.rowCount * map.columnCount)
    for page in 0..<store.shape.pageCount {
      let runs = try store.page(page)
      var pixels = picture.mutableSpan
      map.take(page: 0, from: runs.span, into: &pixels)
      try writer.write(picture.span, page: page)
      try onPage(page)
    }
    return try writer.finish()
  }
}
