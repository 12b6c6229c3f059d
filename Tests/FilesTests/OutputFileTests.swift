import Files
import Foundation
import TestSupport
import Testing

@Suite struct OutputFileTests {
  @Test("A file has its name when it is committed, and leaves nothing when it is not")
  func life() throws {
    let bench = try Bench()
    do {
      let file = try OutputFile(path: bench.path("a"), Array("new".utf8))
      #expect(try bench.names().count == 1 && !bench.names().contains("a"))
      #expect(
        try file.sha256() == sha256(of: Array("new".utf8)))
    }
    #expect(try bench.names() == [])
    try OutputFile(path: bench.path("a"), Array("new".utf8)).commit()
    #expect(try bench.names() == ["a"] && bench.text("a") == "new")
  }

  @Test("Where one of several cannot have its name, all keep what they had")
  func rollBack() throws {
    let bench = try Bench()
    for name in ["a", "b"] { try bench.write("old \(name)", to: name) }
    let files = try ["a", "new", "b"].map {
      try OutputFile(path: bench.path($0), Array("new \($0)".utf8))
    }
    // A folder has taken the third name meanwhile.
    try FileManager.default.removeItem(atPath: bench.path("b"))
    try FileManager.default.createDirectory(
      atPath: bench.path("b"), withIntermediateDirectories: false)
    #expect(throws: FileError.self) { try OutputFile.commit(files) }
    #expect(try bench.text("a") == "old a")
    #expect(try bench.names().filter { !$0.hasSuffix(".partial") } == ["a", "b"])
    #expect(try bench.names().filter { $0.contains(".old.") } == [])
  }

  @Test("A name of 255 bytes can be written, in one byte or in three")
  func longNames() throws {
    let bench = try Bench()
    for name in [String(repeating: "n", count: 255), String(repeating: "名", count: 85)] {
      try OutputFile(path: bench.path(name), [1]).commit()
      #expect(try bench.names().contains(name))
    }
  }

  @Test("What a dead process left is removed, and what a living one writes is not")
  func sweep() throws {
    let bench = try Bench()
    let living = try OutputFile(path: bench.path("o.tif"), [1])
    for name in [
      "o.tif.99999999.partial", "o.tif.checkpoint.99999999.partial", "o.tif.scratch.1-2.partial",
      "p.tif.99999999.partial", "o.tif.partial.keep",
    ] {
      try bench.write("left", to: name)
    }
    try FileManager.default.createDirectory(
      atPath: bench.path("o.tif.1.partial/inner"), withIntermediateDirectories: true)
    try bench.write("left", to: "o.tif.1.partial/inner/file")
    #expect(
      Unfinished.sweep(besides: bench.path("o.tif")) == [
        "o.tif.1.partial", "o.tif.99999999.partial", "o.tif.checkpoint.99999999.partial",
        "o.tif.scratch.1-2.partial",
      ])
    try living.commit()
    #expect(try bench.names() == ["o.tif", "o.tif.partial.keep", "p.tif.99999999.partial"])
  }

  @Test("A folder appears when all of it is there, and never over another")
  func folders() throws {
    let bench = try Bench()
    do { _ = try OutputFolder(path: bench.path("f")) }
    #expect(try bench.names() == [])
    let folder = try OutputFolder(path: bench.path("f"))
    try OutputFile(path: folder.partialPath + "/a", [1]).commit()
    let second = try OutputFolder(path: bench.path("f"))
    try folder.commit()
    #expect(try bench.names().contains("f"))
    #expect(throws: FileError.self) { try second.commit() }
    #expect(FileManager.default.fileExists(atPath: bench.path("f/a")))
  }
}
