import Fields
public import Foundation
import Reconstruction
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
  /// Writes the sidecar beside its stack; it appears when it is whole. A stack that cannot have its
  /// sidecar is not kept.
  public func write() throws {
    let path = sidecarPath(of: output.path)
    do {
      try json().write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      try? FileManager.default.removeItem(atPath: output.path)
      throw WorkflowError.unwritable(path: path, reason: "the system refused")
    }
  }

  /// The same, as text.
  public func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return try encoder.encode(self) + Data("\n".utf8)
  }

  /// The path of the stack that the sidecar at `path` stands beside; `nil` where it is no sidecar.
  static func stack(of path: String) -> String? {
    struct Mark: Decodable {
      let voxtilt: String
      let command: [String]
      let output: File
    }
    guard let data = FileManager.default.contents(atPath: path),
      let mark = try? JSONDecoder().decode(Mark.self, from: data)
    else { return nil }
    let folder = folder(of: path) as NSString
    return folder.appendingPathComponent((mark.output.path as NSString).lastPathComponent)
  }

  /// What the sidecar of an input tells, where it has one that was written with these very bytes.
  static func known(of input: File) -> Known? {
    guard let data = FileManager.default.contents(atPath: sidecarPath(of: input.path)),
      let known = try? JSONDecoder().decode(Known.self, from: data),
      known.output.sha256 == input.sha256
    else { return nil }
    return known
  }

  struct Known: Decodable {
    let output: File
    let dose: Dose?
    let noise: [String: Setting]?
    let geometry: KnownGeometry?
  }

  struct KnownGeometry: Decodable {
    /// Degrees, as they were used.
    let tilts: [Double]
    let tiltAxis: TiltAxis
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
