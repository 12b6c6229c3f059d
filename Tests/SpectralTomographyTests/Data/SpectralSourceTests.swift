import Fields
import Files
import Foundation
import SpectralTomography
import StackIO
import Testing

@Suite struct SpectralSourceTests {
  private let folder = FileManager.default.temporaryDirectory
    .appending(path: "spectra-\(UUID().uuidString)")

  /// Page p of file f holds `value(f, p)` everywhere, and 1 more at the first pixel.
  private func write(
    files: Int, pages: Int, _ value: (_ file: Int, _ page: Int) -> Float
  ) throws -> [String] {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return try (0..<files).map { file in
      let name = "f\(file).tif"
      var writer = try StackWriter(
        path: folder.appending(path: name).path,
        shape: StackShape(pageCount: pages, rowCount: 2, columnCount: 3))
      for page in 0..<pages {
        var pixels = FloatStorage(repeating: value(file, page), count: 6)
        var first = pixels.mutableSpan
        first[0] += 1
        try writer.write(pixels.span, page: page)
      }
      _ = try writer.finish()
      return name
    }
  }

  private func manifest(
    _ layout: String, _ files: [String], _ more: String = "", energies: String = "500,510"
  ) throws {
    let list = files.map { "\"\($0)\"" }.joined(separator: ",")
    let text =
      "{\"layout\":\"\(layout)\",\"files\":[\(list)],\"energies\":[\(energies)],\"tilts\":[-10,0,10]\(more)}"
    try Data(text.utf8).write(to: folder.appending(path: "spectra.json"))
  }

  @Test("The three layouts hold the same channels")
  func layouts() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let value = { (channel: Int, tilt: Int) in Float(10 * channel + tilt) }
    try manifest("channels", try write(files: 2, pages: 3) { value($0, $1) })
    let one = try SpectralSource(folder: folder.path)
    #expect(one.shape.tiltCount == 3 && one.shape.binCount == 3 && one.shape.sliceCount == 2)
    let series = try one.load(1)
    #expect(series[2, 1, 2] == 12 && series[2, 0, 0] == 13)
    try manifest("tilts", try write(files: 3, pages: 2) { value($1, $0) })
    #expect(try SpectralSource(folder: folder.path).load(1)[2, 1, 2] == 12)
    try manifest("hyperstack", try write(files: 1, pages: 6) { value($1 % 2, $1 / 2) })
    let stack = try SpectralSource(folder: folder.path)
    #expect(try stack.load(1)[2, 1, 2] == 12)
    #expect(try stack.load(sum: 0..<2)[2, 1, 2] == 14)
  }

  @Test("What does not fit, or breaks its promise, is named")
  func refusals() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(throws: FileError.missing(path: folder.path)) {
      try SpectralSource(folder: folder.path)
    }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    #expect(throws: SpectralError.noManifest(folder: folder.path)) {
      try SpectralSource(folder: folder.path)
    }
    let files = try write(files: 2, pages: 3) { Float($0) + Float($1) - 0.5 }
    try manifest("channels", [files[0]])
    #expect(throws: SpectralError.fileCount(found: 1, needed: 2, of: "channels")) {
      try SpectralSource(folder: folder.path)
    }
    try manifest("tilts", files + [files[0]])
    #expect(throws: SpectralError.self) { try SpectralSource(folder: folder.path) }
    try manifest("channels", files, ",\"counts\":true")
    let promised = try SpectralSource(folder: folder.path)
    let path = folder.appending(path: "f0.tif").path
    #expect(
      throws: SpectralError.countPromised(file: path, page: 0, row: 0, column: 0, value: 0.5)
    ) { try promised.load(0) }
    try manifest("channels", files, ",\"background\":[1,2,3]")
    #expect(throws: SpectralError.self) { try SpectralSource(folder: folder.path) }
    try manifest("channels", files, energies: "500,1e17")
    do {
      _ = try SpectralSource(folder: folder.path)
      Issue.record("an energy of 1e17 eV was taken")
    } catch SpectralError.manifest(_, let key, _) {
      #expect(key == "energies")
    }
    try manifest("volumes", files)
    #expect(throws: SpectralError.self) { try SpectralSource(folder: folder.path) }
  }
}
