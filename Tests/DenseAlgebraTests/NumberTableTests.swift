import DenseAlgebra
import Files
import Foundation
import Testing

@Suite("NumberTable")
struct NumberTableTests {
  private func table(_ text: String) throws -> NumberTable {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).csv")
    try Data(text.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try NumberTable(reading: file.path)
  }

  @Test(
    "numbers are read whatever separates them",
    arguments: [
      "1,2.5\n-3e2,4\n", "1;2.5\n-3e2;4", "1\t2.5\r\n-3e2\t4\r\n", "1  2.5\n\n-3e2 4 # end\n",
      "# a comment\n1, 2.5\n -3e2 ,4",
    ])
  func separators(text: String) throws {
    let table = try table(text)
    #expect(table.names == nil)
    #expect(table.matrix == Matrix(rowCount: 2, columnCount: 2, values: [1, 2.5, -300, 4]))
  }

  @Test("a header names columns, and one that only counts rows can be left away")
  func header() throws {
    let table = try table("i,\"y\"\n0,7\n1,8\n")
    #expect(table.names == ["i", "y"])
    #expect(table.column(named: "y") == [7, 8])
    #expect(table.column(named: "z") == nil)
    #expect(table.withoutRowNumbers == Matrix(rowCount: 2, columnCount: 1, values: [7, 8]))
    #expect(try self.table("x,y\n0,7\n").withoutRowNumbers.columnCount == 2)
  }

  @Test("what is no table is refused with its line")
  func errors() throws {
    func fault(_ text: String) -> DenseError? {
      do {
        _ = try table(text)
        return nil
      } catch { return error as? DenseError }
    }
    guard case .empty = fault("# nothing\n\n") else { return #expect(Bool(false), "empty") }
    guard case .rowLength(_, 2, 1, 2) = fault("1,2\n3\n") else {
      return #expect(Bool(false), "row length")
    }
    for bad in ["1,2\n3,nan\n", "1,2\n3,x\n", "1,2\n3,\n"] {
      guard case .notANumber(_, 2, _) = fault(bad) else {
        return #expect(Bool(false), "\(bad)")
      }
    }
    guard case .tooLarge(_, 2, -1e101) = fault("1,1e100\n-1e101,2\n") else {
      return #expect(Bool(false), "too large")
    }
    #expect(throws: DenseError.file(.missing(path: "none.csv"))) {
      try NumberTable(reading: "none.csv")
    }
    #expect(throws: DenseError.file(.notAFile(path: "/", .folder))) {
      try NumberTable(reading: "/")
    }
  }
}
