public import Foundation
import StackIO

extension Sidecar.File {
  /// Hashes a file that was read or written.
  init(path: String, shape: StackShape?, voxelSize: Double?) throws {
    self.init(
      path: path, sha256: try SHA256.hash(fileAt: path),
      shape: shape.map { [$0.pageCount, $0.rowCount, $0.columnCount] } ?? [], voxelSize: voxelSize)
  }
}

extension Sidecar {
  /// Writes the sidecar beside its stack; it appears when it is whole.
  public func write() throws {
    let path = sidecarPath(of: output.path)
    do {
      try json().write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw WorkflowError.unwritable(path: path, reason: "the system refused")
    }
  }

  /// The same, as text.
  public func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return try encoder.encode(self) + Data("\n".utf8)
  }

  /// The dose that the sidecar of an input tells, where it has one.
  static func dose(ofStackAt path: String) -> Dose? {
    struct Known: Decodable { let dose: Dose? }
    guard let data = FileManager.default.contents(atPath: sidecarPath(of: path)) else { return nil }
    return (try? JSONDecoder().decode(Known.self, from: data))?.dose
  }
}
