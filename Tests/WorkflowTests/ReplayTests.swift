import SeriesIO
import Errors
import Files
import Foundation
import Reconstruction
import Records
import TestDesk
import Testing
import Workflow

@Suite struct ReplayTests {
  private func furnished() throws -> Desk {
    let desk = try Desk()
    var simulation = try desk.simulation("-60:60:20", to: "s.tif")
    simulation.command = ["simulate", "ball.json", "--out", "s.tif"]
    _ = try simulation.run(.silent)
    return desk
  }

  @Test("A sidecar tells its command, its folder and its bytes")
  func facts() throws {
    let desk = try furnished()
    let replay = try Replay(reading: desk.path("s.json"))
    #expect(replay.command == ["simulate", "ball.json", "--out", "s.tif"])
    #expect(replay.directory == FileManager.default.currentDirectoryPath)
    #expect(replay.output.path == desk.path("s.tif") && replay.warnings.isEmpty)
    try replay.check(desk.path("s.tif"), shownAs: "it")
    #expect(throws: WorkflowError.notReproduced(path: "it")) {
      try replay.check(desk.path("ball.json"), shownAs: "it")
    }
  }

  @Test("Another version or processor is a warning")
  func otherBuild() throws {
    let desk = try furnished()
    var sidecar = try desk.json("s.json")
    (sidecar["voxtilt"], sidecar["processor"]) = ("0.0.9", "abacus")
    try JSONSerialization.data(withJSONObject: sidecar).write(to: desk.url("s.json"))
    let replay = try Replay(reading: desk.path("s.json"))
    #expect(replay.warnings.count == 2)
    #expect(replay.warnings[0].contains("0.0.9") && replay.warnings[1].contains("abacus"))
  }

  @Test(
    "Only a sidecar of a command that makes a stack is replayed",
    arguments: [
      [], ["replay", "x.json"], ["slices", "v.tif"],
    ])
  func otherCommands(command: [String]) throws {
    let desk = try furnished()
    var sidecar = try desk.json("s.json")
    sidecar["command"] = command
    try JSONSerialization.data(withJSONObject: sidecar).write(to: desk.url("s.json"))
    let error = #expect(throws: WorkflowError.self) { try Replay(reading: desk.path("s.json")) }
    #expect(error?.category == .badData)
  }

  @Test(
    "An option that is given twice is refused, except where a list is meant",
    arguments: [
      (["simulate", "ball.json", "--out", "s.tif", "--out", "other.tif"], true),
      (["simulate", "ball.json", "--out=s.tif", "--out", "other.tif"], true),
      (["fuse", "--haadf", "h", "--map", "a", "--map", "b", "--out", "s.tif"], false),
    ])
  func repeated(command: [String], isRefused: Bool) throws {
    let desk = try furnished()
    var sidecar = try desk.json("s.json")
    sidecar["command"] = command
    try JSONSerialization.data(withJSONObject: sidecar).write(to: desk.url("s.json"))
    let result = Result { try Replay(reading: desk.path("s.json")) }
    guard isRefused else {
      #expect(throws: Never.self) { try result.get() }
      return
    }
    let error = #expect(throws: WorkflowError.self) { try result.get() }
    #expect("\(try #require(error))".contains("--out twice"))
  }

  @Test("A result that is not the recorded one is named")
  func mismatch() throws {
    let desk = try furnished()
    try desk.write("other", to: "s.tif")
    let replay = try Replay(reading: desk.path("s.json"))
    #expect(replay.warnings.count == 1 && replay.warnings[0].contains("do not belong together"))
  }

  @Test("What is missing, a folder, no JSON, or changed is told apart")
  func refusals() throws {
    let desk = try furnished()
    #expect(throws: FileError.missing(path: desk.path("none"))) {
      try Replay(reading: desk.path("none"))
    }
    #expect(
      throws: FileError.notAFile(path: desk.folder.path, .folder)
    ) { try Replay(reading: desk.folder.path) }
    #expect(
      throws: WorkflowError.notASidecar(
        path: desk.path("s.tif"), reason: "it lacks entries of a sidecar")
    ) { try Replay(reading: desk.path("s.tif")) }
    try desk.write("{}", to: "ball.json")
    #expect(throws: SeriesError.inputChanged(path: desk.path("ball.json"))) {
      try Replay(reading: desk.path("s.json"))
    }
    try FileManager.default.removeItem(at: desk.url("ball.json"))
    #expect(throws: FileError.missing(path: desk.path("ball.json"))) {
      try Replay(reading: desk.path("s.json"))
    }
  }
}
