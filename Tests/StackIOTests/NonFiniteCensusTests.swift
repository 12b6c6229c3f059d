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

  @Test("or replaced knowingly", arguments: ["nonfinite.tif", "nonfinite.mrc"])
  func replaced(name: String) throws {
    var expected = ramp(105, 1, 0)
    for i in [35 + 2 * 7 + 3, 70, 104] { expected[i] = -1 }
    #expect(try examine(golden(name), .replace(-1)) == expected)
  }
}
