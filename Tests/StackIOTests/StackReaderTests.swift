import Errors
import Files
import Foundation
import StackIO
import Testing

/// Stored sample = a · index + b, see `Golden/make_stacks.py`.
private let lines: [SampleType: (a: Float, b: Float)] = [
  .uint8: (2, 1), .int8: (2, -100), .uint16: (600, 7), .int16: (600, -31000),
  .uint32: (4_000_000, 5), .int32: (4_000_000, -200_000_000), .float16: (0.25, -3),
  .float32: (0.25, -3), .float64: (0.25, -3),
]

@Suite("StackReader")
struct StackReaderTests {
  @Test(
    "a TIFF of every sample type and byte order is read as it was written",
    arguments: SampleType.allCases, ["little", "big"])
  func tiffSamples(type: SampleType, order: String) throws {
    let (info, values) = try allPages(golden("\(type.rawValue)-\(order).tif"))
    let line = try #require(lines[type])
    #expect(info.shape == StackShape(pageCount: 3, rowCount: 5, columnCount: 7))
    #expect(info.format == .tiff && info.sampleType == type && info.pixelSize == nil)
    #expect(info.byteOrder == (order == "big" ? .bigEndian : .littleEndian))
    #expect(values == ramp(105, line.a, line.b))
  }

  @Test(
    "an MRC of every mode and byte order is read with the top row first",
    arguments: [SampleType.int8, .int16, .uint16, .float32], ["little", "big"])
  func mrcSamples(type: SampleType, order: String) throws {
    let (info, values) = try allPages(golden("\(type.rawValue)-\(order).mrc"))
    let line = try #require(lines[type])
    #expect(info.format == .mrc && info.sampleType == type)
    #expect(info.spacing == StackSpacing(column: 0.45, row: 0.45, page: 0.9))
    #expect(info.byteOrder == (order == "big" ? .bigEndian : .littleEndian))
    #expect(values == ramp(105, line.a, line.b))
  }

  @Test("IMOD's flags say whether bytes are signed")
  func imodBytes() throws {
    let unsigned = try allPages(golden("imod-unsigned.st"))
    #expect(unsigned.info.sampleType == .uint8)
    #expect(unsigned.values == ramp(105, 2, 1))
    let signed = try allPages(golden("imod-signed.st"))
    #expect(signed.info.sampleType == .int8)
    // As IMOD shows them: the stored byte and 128.
    #expect(signed.values == ramp(105, 2, 28))
    #expect(signed.info.notes == [.mrc(.imodBytes)])
  }

  @Test(
    "strips and tiles of every packing are read",
    arguments: [
      ("strips-none", StackCompression.none), ("strips-lzw", .lzw), ("strips-deflate", .deflate),
      ("strips-packbits", .packBits), ("tiles-none-big", .none), ("tiles-deflate", .deflate),
      ("float-predictor", .deflate), ("bigtiff", .none), ("imagej-one-directory", .none),
    ])
  func packing(name: String, compression: StackCompression) throws {
    let (info, values) = try allPages(golden("\(name).tif"))
    #expect(info.shape == StackShape(pageCount: 3, rowCount: 20, columnCount: 37))
    #expect(info.compression == compression)
    #expect(values == ramp(2220, 1, 0))
  }

  @Test("pages can be read in any order")
  func anyOrder() throws {
    var reader = try StackReader(path: golden("strips-lzw.tif"))
    var pixels = [Float](repeating: 0, count: 740)
    for page in [2, 0, 1, 1, 0] {
      var span = pixels.mutableSpan
      try reader.readPage(page, into: &span)
      #expect(pixels[0] == Float(page * 740))
    }
  }

  @Test("what is not greyscale of a known kind is refused by name")
  func refusals() {
    func feature(_ name: String) -> String? {
      guard
        case .unsupported(_, 1, let feature)? = failure({
          _ = try StackReader(path: golden(name))
        })
      else { return nil }
      return feature
    }
    #expect(feature("rgb.tif") == "3 samples per pixel (colour)")
    #expect(feature("palette.tif") == "a colour palette")
    #expect(feature("strips-zstd.tif") == "ZSTD compression (50000)")
    #expect(feature("complex.mrc") == "MRC mode 4 (complex samples of a Fourier transform)")
  }

  @Test("a page of another size is named")
  func oddPage() {
    let path = golden("odd-page.tif")
    #expect(
      failure { _ = try StackReader(path: path) }
        == .pageDiffers(path: path, page: 2, found: "4 × 7 float32", first: "5 × 7 float32"))
  }

  @Test("a stack of ImageJ that claims more pages than it holds is refused")
  func missingPlanes() throws {
    let short = golden("imagej-short.tif")
    let length = try Data(contentsOf: URL(fileURLWithPath: short)).count
    #expect(
      failure { _ = try StackReader(path: short) }
        == .truncated(path: short, page: 3, needs: length + 4, byteCount: length))
    let packed = golden("imagej-packed.tif")
    #expect(
      failure { _ = try StackReader(path: packed) }
        == .damaged(
          path: packed, page: 2, reason: "its notes claim 3 pages, and there is one"))
  }

  @Test("a file that is no stack is called what it looks like")
  func notStacks() throws {
    let scratch = try Scratch()
    func kind(_ start: [UInt8]) throws -> StackError? {
      let path = scratch.path("file.tif")
      try Data(start + [UInt8](repeating: 0x41, count: 2000)).write(to: URL(fileURLWithPath: path))
      return failure { _ = try StackReader(path: path) }
    }
    let path = scratch.path("file.tif")
    let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    #expect(try kind(png) == .notAStack(path: path, kind: "a PNG picture"))
    #expect(try kind(Array(#"{"a": 1}"#.utf8)) == .notAStack(path: path, kind: "JSON"))
    #expect(try kind(Array("tilt\n".utf8)) == .notAStack(path: path, kind: "text"))
    #expect(try kind([0, 200, 1, 0xFE]) == .notAStack(path: path, kind: nil))
  }

  @Test("a missing, an empty and a foreign path have errors of their own")
  func paths() throws {
    let scratch = try Scratch()
    let gone = scratch.path("gone.mrc")
    let missing = failure { _ = try StackReader(path: gone) }
    #expect(missing == .file(.missing(path: gone)) && missing?.category == .noInput)
    let blank = try scratch.write("", to: "blank.mrc")
    let empty = failure { _ = try StackReader(path: blank) }
    #expect(empty == .empty(path: blank) && empty?.category == .badData)
    let folder = scratch.folder.path
    #expect(
      failure { _ = try StackReader(path: folder) }
        == .file(.notAFile(path: folder, .folder)))
  }

  @Test("a stack that was cut names the first page that is not whole")
  func cut() throws {
    let scratch = try Scratch()
    let whole = try Data(contentsOf: URL(fileURLWithPath: golden("int16-little.mrc")))
    let path = scratch.path("cut.mrc")
    try whole.prefix(1024 + 100).write(to: URL(fileURLWithPath: path))
    #expect(
      failure { _ = try StackReader(path: path) }
        == .truncated(path: path, page: 2, needs: 1024 + 140, byteCount: 1124))
    try whole.prefix(500).write(to: URL(fileURLWithPath: path))
    #expect(
      failure { _ = try StackReader(path: path) }
        == .truncated(path: path, page: 1, needs: 1024, byteCount: 500))
  }
}
