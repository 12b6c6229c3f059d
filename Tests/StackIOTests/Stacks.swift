import Fields
import Foundation
import StackIO

/// The path of a small stack made by `Golden/make_stacks.py`.
func golden(_ name: String) -> String {
  let folder = Bundle.module.resourceURL ?? URL(fileURLWithPath: ".")
  return folder.appendingPathComponent("Golden").appendingPathComponent(name).path
}

/// All pages of a stack, one after the other.
func allPages(_ path: String) throws -> (info: StackInfo, values: [Float]) {
  var reader = try StackReader(path: path)
  var values: [Float] = []
  var page = FloatStorage(zeros: reader.info.shape.pixelsPerPage)
  for index in 0..<reader.info.shape.pageCount {
    var pixels = page.mutableSpan
    try reader.readPage(index, into: &pixels)
    for i in pixels.indices { values.append(pixels[i]) }
  }
  return (reader.info, values)
}

/// a · i + b
func ramp(_ count: Int, _ a: Float, _ b: Float) -> [Float] {
  (0..<count).map { a * Float($0) + b }
}

/// A folder of one test, removed with all that is in it when it is let go.
final class Scratch {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "stacks-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
    return path(name)
  }

  var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
  }
}

/// The error that `body` throws.
func failure(_ body: () throws -> Void) -> StackError? {
  do {
    try body()
    return nil
  } catch { return error as? StackError }
}
