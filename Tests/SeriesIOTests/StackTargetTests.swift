import SeriesIO
import Errors
import Files
import Foundation
import Records
import StackIO
import TestDesk
import Testing

@Suite struct StackTargetTests {
  private func check(_ desk: Desk, _ output: String, _ inputs: String...) throws {
    _ = try StackTarget(path: desk.path(output)).files(against: inputs.map { desk.path($0) })
  }

  @Test("A new name, and the name of an earlier result, are accepted")
  func accepted() throws {
    let desk = try Desk()
    try check(desk, "v.tif", "ball.json", "s.mrc")
    try desk.series("-60:60:20", to: "s.tif")
    try check(desk, "s.tif", "ball.json", "s.rawtlt")
  }

  @Test("An input is not overwritten, whatever it is called")
  func sameFile() throws {
    let desk = try Desk()
    try desk.series("-60:60:20", to: "s.tif")
    try FileManager.default.createSymbolicLink(
      at: desk.url("link.tif"), withDestinationURL: desk.url("s.tif"))
    for name in ["s.tif", "./s.tif", "link.tif"] {
      #expect(throws: RecordsError.sameFile(path: desk.path(name))) {
        try check(desk, name, "s.tif")
      }
    }
  }

  @Test("A sidecar overwrites neither a recipe, nor the sidecar of an input, nor another file")
  func sidecars() throws {
    let desk = try Desk()
    #expect(
      throws: RecordsError.sidecarIsInput(
        sidecar: desk.path("ball.json"), input: desk.path("ball.json"))
    ) { try check(desk, "ball.tif", "ball.json") }
    #expect(
      throws: RecordsError.sidecarIsInput(
        sidecar: desk.path("s.json"), input: desk.path("s.tif"))
    ) { try check(desk, "s.mrc", "s.tif") }
    #expect(throws: RecordsError.sidecarIsForeign(sidecar: desk.path("ball.json"))) {
      try check(desk, "ball.tif", "s.mrc")
    }
  }

  @Test("The sidecar of another stack is overwritten only where that stack is gone")
  func taken() throws {
    let desk = try Desk()
    try desk.series("-60:60:20", to: "s.tif")
    #expect(
      throws: RecordsError.sidecarIsTaken(
        sidecar: desk.path("s.json"), result: desk.path("s.tif"))
    ) { try check(desk, "s.mrc", "ball.json") }
    try FileManager.default.removeItem(at: desk.url("s.tif"))
    try check(desk, "s.mrc", "ball.json")
  }

  @Test("Names without a format and folders that are not there are refused before any work")
  func names() throws {
    let desk = try Desk()
    for name in ["v", "v.png", "v.json"] {
      #expect(throws: StackError.unknownFormat(path: desk.path(name))) { try check(desk, name) }
    }
    try FileManager.default.createDirectory(
      at: desk.url("folder.tif"), withIntermediateDirectories: false)
    for name in ["none/v.tif", "ball.json/v.tif", "folder.tif"] {
      let error = #expect(throws: FileError.self) { try check(desk, name) }
      #expect(error?.category == .cannotCreate)
    }
  }
}
