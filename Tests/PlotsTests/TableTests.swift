import Plots
import Testing

@Suite("Table")
struct TableTests {
  @Test("cells are quoted where they must be, and numbers come back unchanged")
  func csv() throws {
    var table = Table(["method", "a,b", "say \"x\""])
    try table.append(["SIRT", 12, 0.1])
    try table.append([.text("two\nlines"), .empty, .number(1.0 / 3)])
    #expect(
      table.csv == "method,\"a,b\",\"say \"\"x\"\"\"\r\nSIRT,12,0.1\r\n"
        + "\"two\nlines\",,0.3333333333333333\r\n")
  }

  @Test("a row of another length is refused")
  func rowLength() {
    var table = Table(["a", "b"])
    #expect(throws: PlotError.rowLength(row: 0, count: 1, expected: 2)) { try table.append([1]) }
  }
}
