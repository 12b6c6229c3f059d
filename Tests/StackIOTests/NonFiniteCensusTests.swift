import StackIO
import Testing

@Suite("NonFiniteCensus")
struct NonFiniteCensusTests {
  /// Reads all pages, the last first.
  private func examine(_ path: String, _ policy: NonFinitePolicy) throws -> [Float] {
    var reader = try StackReader(path: path)
    var census = NonFiniteCensus(policy)
    var values: [Float] = []
    for page in (0..<3).reversed() {
      var pixels = [Float](repeating: 0, count: 35)
      var span = pixels.mutableSpan
      try reader.readPage(page, into: &span)
      census.examine(&span, page: page, columnCount: 7)
      values = pixels + values
    }
    #expect(census.count == 3)
    try census.settle(path: path)
    return values
  }

  @Test(
    "values that are not finite are refused with their count and the first place",
    arguments: ["nonfinite.tif", "nonfinite.mrc"])
  func refused(name: String) {
    let path = golden(name)
    #expect(
      failure { _ = try examine(path, .refuse) }
        == .nonFinite(path: path, count: 3, first: PixelPosition(page: 2, row: 3, column: 4)))
  }

  @Test("finite values beyond the limit are refused with their page and the largest of it")
  func tooLarge() throws {
    let scratch = try Scratch()
    for limit in [StackReader.largestValue, -StackReader.largestValue] {
      let path = scratch.path("large.tif")
      var writer = try StackWriter(
        path: path, shape: StackShape(pageCount: 2, rowCount: 1, columnCount: 3))
      try writer.write([limit, 0, 1].span, page: 0)
      try writer.write([2 * limit, 3 * limit, 2 * limit].span, page: 1)
      _ = try writer.finish()
      var reader = try StackReader(path: path)
      var pixels: [Float] = [0, 0, 0]
      var span = pixels.mutableSpan
      try reader.readPage(0, into: &span)
      #expect(span[0] == limit)
      do {
        try reader.readPage(1, into: &span)
        Issue.record("the second page was read")
      } catch {
        #expect(error == .tooLarge(path: path, page: 2, value: 3 * limit))
      }
    }
  }

  @Test("or replaced knowingly", arguments: ["nonfinite.tif", "nonfinite.mrc"])
  func replaced(name: String) throws {
    var expected = ramp(105, 1, 0)
    for i in [35 + 2 * 7 + 3, 70, 104] { expected[i] = -1 }
    #expect(try examine(golden(name), .replace(-1)) == expected)
  }
}
