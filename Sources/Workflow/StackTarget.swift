public import Fields
import Foundation
import Reconstruction
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

  /// Refuses what would fail after the work is done, or destroy what it was made from: an ending
  /// that names no format, a folder that is not there, an input or its sidecar as the output, a
  /// `NAME.json` that is something else or belongs to another stack that is still there.
  public func check(against inputs: [String]) throws {
    guard StackFormat(pathExtension: (path as NSString).pathExtension) != nil else {
      throw StackError.unknownFormat(path: path)
    }
    try checkFolder(of: path)
    try checkResult(path, against: inputs)
  }

  /// Writes every page of `store`, and the file appears when it is whole.
  ///
  /// - Parameter margin: positions at either end of each page that are left out.
  func write(
    _ store: some SlabStore, without margin: Int = 0, _ follower: Follower
  ) throws -> StackReceipt {
    follower.beforeFiles()
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
    return try writer.finish()
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

/// Refuses an input or its sidecar as the output, and a `NAME.json` that is something else or belongs to
/// another result that is still there.
func checkResult(_ path: String, against inputs: [String]) throws {
  let sidecar = sidecarPath(of: path)
  for input in inputs {
    guard canonical(input) != canonical(path) else { throw WorkflowError.sameFile(path: path) }
    let isStack = StackFormat(pathExtension: (input as NSString).pathExtension) != nil
    let kept = isStack ? sidecarPath(of: input) : input
    guard canonical(kept) != canonical(sidecar) else {
      throw WorkflowError.sidecarIsInput(sidecar: sidecar, input: input)
    }
  }
  guard FileManager.default.fileExists(atPath: sidecar) else { return }
  guard let stack = Sidecar.stack(of: sidecar) else {
    throw WorkflowError.sidecarIsForeign(sidecar: sidecar)
  }
  guard canonical(stack) == canonical(path) || !FileManager.default.fileExists(atPath: stack)
  else { throw WorkflowError.sidecarIsTaken(sidecar: sidecar, stack: stack) }
}

/// Refuses a file that cannot be created, before there is anything to write.
///
/// - Throws: `StackError.cannotCreate`
public func checkFolder(of path: String) throws(StackError) {
  let parent = folder(of: path)
  let folder = parent.isEmpty ? "." : parent
  let reason: String? =
    if isFolder(path) {
      "it is a folder"
    } else if !isFolder(folder) {
      "there is no folder '\(folder)'"
    } else if !FileManager.default.isWritableFile(atPath: folder) {
      "nothing may be written to '\(folder)'"
    } else {
      nil
    }
  if let reason { throw .cannotCreate(path: path, reason: reason) }
}
