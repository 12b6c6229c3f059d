public import Foundation
import StackIO

extension Sidecar.File {
  /// Hashes a file that was read or written.
  init(path: String, shape: StackShape?, voxelSize: Double?) throws {
    self.init(
      path: path, sha256: try SHA256.hash(fileAt: path),
      shape: shape.map { [$0.pageCount, $0.rowCount, $0.columnCount] }, voxelSize: voxelSize)
  }

  /// Hashes the file that angles were read from, where it is not one of `others`.
  static func file(of tilts: TiltSource, besides others: [String]) throws -> [Sidecar.File] {
    guard let path = tilts.path, !others.contains(where: { canonical($0) == canonical(path) })
    else { return [] }
    return [try Sidecar.File(path: path, shape: nil, voxelSize: nil)]
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

  /// Whether the file at `path` is a sidecar.
  static func stands(at path: String) -> Bool {
    struct Mark: Decodable {
      let voxtilt: String
      let command: [String]
    }
    guard let data = FileManager.default.contents(atPath: path) else { return false }
    return (try? JSONDecoder().decode(Mark.self, from: data)) != nil
  }

  /// The dose that the sidecar of an input tells, where it has one.
  static func dose(ofStackAt path: String) -> Dose? {
    struct Known: Decodable { let dose: Dose? }
    guard let data = FileManager.default.contents(atPath: sidecarPath(of: path)) else { return nil }
    return (try? JSONDecoder().decode(Known.self, from: data))?.dose
  }
}

extension TiltSource {
  /// The file that the angles stand in.
  var path: String? {
    switch self {
    case .file(let path), .mdoc(let path), .header(let path): path
    case .range: nil
    }
  }
}
