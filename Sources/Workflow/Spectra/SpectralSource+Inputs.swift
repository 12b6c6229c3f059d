import Records
import SpectralTomography
import StackIO

extension SpectralSource {
  /// All files that it consists of, as inputs of a run that has read them.
  func recorded() throws -> [RecordedFile] {
    let files = try manifest.files.map { path in
      let info = try headers(of: path).info
      return RecordedFile(try fingerprint(of: path), info, voxelSize: info.pixelSize)
    }
    return files + RecordedFile.each(manifest.sources)
  }
}
