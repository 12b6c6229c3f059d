import Errors
import Fields
import Files
import Foundation
import StackIO
import TestSupport
import Testing

private let shape = StackShape(pageCount: 3, rowCount: 20, columnCount: 37)

/// Writes noise in blocks of `rows` × `columns`, the last block first.
private func write(
  _ path: String, rows: Int, columns: Int, encoding: StackEncoding = .float32
) throws -> (receipt: StackReceipt, values: [Float]) {
  let noise = noise(count: 3 * 740, seed: 5)
  let values = (0..<2220).map { noise.span[$0] }
  var writer = try StackWriter(
    path: path, shape: shape, pixelSize: 3.36, pageSpacing: 6.72, encoding: encoding)
  for page in (0..<3).reversed() {
    for top in stride(from: 0, to: 20, by: rows).reversed() {
      for left in stride(from: 0, to: 37, by: columns).reversed() {
        let (down, across) = (top..<min(20, top + rows), left..<min(37, left + columns))
        let block = down.flatMap { row in across.map { values[page * 740 + row * 37 + $0] } }
        try writer.write(block.span, page: page, rows: down, columns: across)
      }
    }
  }
  return (try writer.finish(), values)
}

@Suite("StackWriter")
struct StackWriterTests {
  @Test("what is written is read again, with its distances", arguments: ["tif", "mrc"])
  func roundTrip(ending: String) throws {
    let scratch = try Scratch()
    let path = scratch.path("out.\(ending)")
    let (receipt, values) = try write(path, rows: 20, columns: 37)
    let read = try allPages(path)
    #expect(read.values == values)
    #expect(read.info.shape == shape && read.info.sampleType == .float32)
    #expect(read.info.spacing == StackSpacing(column: 3.36, row: 3.36, page: 6.72))
    #expect(read.info.byteCount == receipt.byteCount && !receipt.isBigTIFF)
    #expect(receipt.range == values.min()!...values.max()!)
    #expect(scratch.names == ["out.\(ending)"])
  }

  @Test(
    "the bytes do not depend on the blocks or their order", arguments: ["tif", "mrc"],
    StackEncoding.allCases)
  func sameBytes(ending: String, encoding: StackEncoding) throws {
    let scratch = try Scratch()
    let files = try [(20, 37), (1, 37), (7, 37), (20, 5), (3, 8)].map { rows, columns in
      let path = scratch.path("\(rows)-\(columns).\(ending)")
      _ = try write(path, rows: rows, columns: columns, encoding: encoding)
      return try Data(contentsOf: URL(fileURLWithPath: path))
    }
    #expect(files.dropFirst().allSatisfy { $0 == files[0] })
  }

  @Test("16-bit output is undone by its recorded line", arguments: ["tif", "mrc"])
  func scaled(ending: String) throws {
    let scratch = try Scratch()
    let path = scratch.path("out.\(ending)")
    let (receipt, values) = try write(path, rows: 7, columns: 37, encoding: .scaled16)
    let line = try #require(receipt.valueScale)
    let read = try allPages(path)
    #expect(read.info.valueScale == line)
    #expect(read.info.sampleType == (ending == "tif" ? .uint16 : .int16))
    #expect(read.info.spacing == StackSpacing(column: 3.36, row: 3.36, page: 6.72))
    let worst = zip(read.values, values).map { abs(Double($0 - $1)) }.max() ?? 1
    #expect(worst <= 0.501 * line.scale && worst > 0)
    #expect(scratch.names == ["out.\(ending)"])
  }

  @Test("a constant stack can be written in 16 bits", arguments: ["tif", "mrc"])
  func constant(ending: String) throws {
    let scratch = try Scratch()
    let path = scratch.path("flat.\(ending)")
    let small = StackShape(pageCount: 1, rowCount: 2, columnCount: 2)
    var writer = try StackWriter(path: path, shape: small, encoding: .scaled16)
    try writer.write([2.5, 2.5, 2.5, 2.5].span, page: 0)
    _ = try writer.finish()
    #expect(try allPages(path).values == [2.5, 2.5, 2.5, 2.5])
  }

  @Test("a writer let go leaves nothing, and the file that was there")
  func letGo() throws {
    let scratch = try Scratch()
    let path = try scratch.write("precious", to: "out.tif")
    do {
      var writer = try StackWriter(path: path, shape: shape)
      try writer.write([Float](repeating: 1, count: 740).span, page: 0)
      #expect(scratch.names.count == 2)
    }
    #expect(scratch.names == ["out.tif"])
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
  }

  @Test("an incomplete stack is not kept")
  func incomplete() throws {
    let scratch = try Scratch()
    let path = scratch.path("out.mrc")
    let error = failure {
      var writer = try StackWriter(path: path, shape: shape)
      try writer.write([Float](repeating: 1, count: 740).span, page: 1)
      _ = try writer.finish()
    }
    #expect(error == .incomplete(path: path, written: 740, of: 2220))
    #expect(scratch.names.isEmpty)
  }

  @Test("values that are not finite are refused, and leave nothing")
  func nonFinite() throws {
    let scratch = try Scratch()
    let small = StackShape(pageCount: 1, rowCount: 1, columnCount: 3)
    for encoding in StackEncoding.allCases {
      let path = scratch.path("\(encoding.rawValue).tif")
      let error = failure {
        var writer = try StackWriter(path: path, shape: small, encoding: encoding)
        try writer.write([1, .nan, .infinity].span, page: 0)
        _ = try writer.finish()
      }
      #expect(error == .nonFiniteOutput(path: path, count: 2))
    }
    #expect(scratch.names.isEmpty)
  }

  @Test("what cannot be created says why")
  func cannotCreate() throws {
    let scratch = try Scratch()
    func error(_ path: String, _ shape: StackShape = shape) -> StackError? {
      failure { _ = try StackWriter(path: path, shape: shape).shape }
    }
    let nowhere = scratch.path("no/such/folder/out.tif")
    #expect(
      error(nowhere) == .file(.cannotCreate(path: nowhere, reason: "No such file or directory")))
    #expect(error(nowhere)?.category == .cannotCreate)
    let nameless = scratch.path("out")
    #expect(error(nameless) == .unknownFormat(path: nameless))
    let huge = StackShape(pageCount: 1 << 14, rowCount: 1 << 20, columnCount: 1 << 20)
    let path = scratch.path("huge.mrc")
    guard case .file(.noSpace(path, let needs, let free))? = error(path, huge) else {
      Issue.record("64 PiB were not refused")
      return
    }
    #expect(needs == 1 << 56 + 1024 && needs > free)
    let vast = StackShape(pageCount: 1 << 31, rowCount: 1, columnCount: 1)
    #expect(error(path, vast) == .unwritableShape(path: path, vast))
    #expect(scratch.names.isEmpty)
  }
}
