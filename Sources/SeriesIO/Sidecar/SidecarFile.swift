package import Fields
package import Files
import Foundation
package import Preparation
package import Reconstruction
package import Records
package import StackIO

extension RecordedFile {
  /// A stack that was read.
  package init(_ input: Fingerprint, _ info: StackInfo, voxelSize: Double?) {
    self.init(
      input, shape: [info.shape.pageCount, info.shape.rowCount, info.shape.columnCount],
      voxelSize: voxelSize, notes: info.notes.map { "\($0)" })
  }

  /// A stack that was written.
  package init(_ receipt: StackReceipt, sha256: String, voxelSize: Double?) {
    let shape = receipt.shape
    self.init(
      path: receipt.path, sha256: sha256,
      shape: [shape.pageCount, shape.rowCount, shape.columnCount], voxelSize: voxelSize)
  }

  /// Files that were read, each once.
  package static func each(_ inputs: [Fingerprint?]) -> [RecordedFile] {
    inputs.compactMap(\.self).reduce(into: []) { files, input in
      if !files.contains(where: { canonical($0.path) == canonical(input.path) }) {
        files.append(RecordedFile(input))
      }
    }
  }
}

extension Sidecar {
  /// What the sidecar of an input tells, where it has one.
  ///
  /// - Returns: `nil`, and a warning for people, where the sidecar tells of other bytes.
  package static func known(of input: File) -> (known: Known?, warning: String?) {
    let path = sidecarPath(of: input.path)
    guard let known = JSONText.read(Known.self, at: path),
      (known.output.path as NSString).lastPathComponent
        == (input.path as NSString).lastPathComponent
    else { return (nil, nil) }
    guard known.output.sha256 == input.sha256 else {
      return (nil, EarlierRecord.mismatchWords([input.path], record: path))
    }
    return (known, nil)
  }

  package struct Known: Decodable {
    package let output: File
    package let dose: Dose?
    package let noise: [String: Setting]?
    package let counts: Counting?
    package let geometry: KnownGeometry?
  }

  package struct KnownGeometry: Decodable {
    /// Degrees, as they were used.
    package let tilts: [Double]
    package let tiltAxis: TiltAxis
  }
}

extension TiltSource {
  /// The file that the angles stand in.
  package var path: String? {
    switch self {
    case .file(let path), .mdoc(let path), .header(let path), .imodFields(let path),
      .record(let path):
      path
    case .range: nil
    }
  }
}
