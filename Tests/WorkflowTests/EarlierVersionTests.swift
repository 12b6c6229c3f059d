import Reconstruction
import Errors
import Files
import Foundation
import Inversion
import Records
import Reporting
import SeriesIO
import TestDesk
import TestSupport
import Testing
import Workflow

/// Sidecars as version 0.1 wrote them stay readable, with and without the number of their form.
@Suite struct EarlierVersionTests {
  /// A volume, its series and its sidecar; `keys` stand at its end.
  private func desk(_ keys: String) throws -> Desk {
    let desk = try Desk()
    try desk.write("series", to: "s.tif")
    try desk.write("volume", to: "v.tif")
    let (series, volume) = (sha256(of: Array("series".utf8)), sha256(of: Array("volume".utf8)))
    try desk.write(
      """
      {
        "voxtilt": "0.1.0", "processor": "x86_64, AVX2", "directory": "\(desk.folder.path)",
        "command": ["reconstruct", "s.tif", "--tilts=-60:60:60", "--method", "cs", "--out", "v.tif"],
        "inputs": [{"path": "s.tif", "sha256": "\(series)", "shape": [3, 4, 8], "voxelSize": 0.5}],
        "output": {"path": "v.tif", "sha256": "\(volume)", "shape": [8, 4, 8], "voxelSize": 0.5},
        "geometry": {"tilts": [-60, 0, 60], "tiltRange": [-60, 60], "tiltStep": 60, "tiltAxis": "y",
                     "axisOffset": 0.25, "zOffset": 0, "tiltOffset": 0, "flipTilts": false},
        "method": "cs", "settings": {"regulariser": "tv", "nonNegative": true}, "iterations": 60,
        "lambda": 0.02,
        "lambdaChoice": {"rule": "held-out-tilts", "lambda": 0.02, "noise": null, "verdicts": {},
          "candidates": [{"lambda": 0.02, "mu": 1.5, "residual": 0.1, "penalty": 7, "iterations": 60}]},
        "noise": {"kind": "gaussian", "sigma": 0.1},
        "dose": {"perTilt": [10, 10, 10], "total": 30, "unit": "electrons/nm²"},
        "history": [], "stopReason": "iterationLimit", "seed": null,
        "seconds": {"read": 1, "compute": 2, "write": 3}, "warnings": ["A note."]\(keys)
      }
      """, to: "v.json")
    return desk
  }

  @Test(
    "Replay, quality and report read them",
    arguments: ["", #", "schema": 1, "written": [], "stageWarnings": [], "later": {"a": 1}"#])
  func reading(keys: String) throws {
    let desk = try desk(keys)
    let replay = try Replay(reading: desk.path("v.json"))
    #expect(replay.command.first == "reconstruct" && replay.directory == desk.folder.path)
    try replay.check(desk.path("v.tif"), shownAs: "v.tif")

    let run = try #require(try RecordedRun(of: desk.path("v.tif")))
    #expect(run.recipe.name == "cs" && run.tilts == [-60, 0, 60] && run.axisOffset == 0.25)
    #expect(run.series.path == desk.path("s.tif") && run.series.shape == [3, 4, 8])
    #expect(run.lambda == 0.02 && run.noise == .gaussian(sigma: 0.1))

    let view = try SidecarView(reading: desk.path("v.json"))
    #expect(view.candidates.map(\.lambda) == [0.02] && view.warnings == ["A note."])
    let facts = KeyFacts(view, methods: .standard)
    #expect(facts.tiltRange.value == "−60° to 60°" && facts.tiltStep.value == "60°")
    #expect(facts.algorithm.value == "cs, 60 iterations" && facts.lambda.value == "0.02")
    #expect(facts.totalDose.value == "30 electrons/nm²")
    #expect(EarlierRecord(at: desk.path("v.json"))?.mismatches == [])
  }

  @Test(
    "They fit the schema of sidecars, with keys that it does not know",
    arguments: ["", #", "schema": 1, "written": [], "stageWarnings": [], "later": {"a": 1}"#])
  func schema(keys: String) throws {
    let sidecar = try JSONValue(desk(keys).data("v.json"))
    #expect(try JSONSchema(ofRecord: "sidecar").violations(in: sidecar) == [])
  }

  @Test("Trials without the figures of a reference strength are read")
  func bareTrials() throws {
    let trials = try JSONDecoder().decode(
      [LambdaTrial].self, from: Data(#"[{"lambda": 0.5}, {"lambda": 2, "heldOut": 3}]"#.utf8))
    #expect(trials.map(\.lambda) == [0.5, 2] && trials.map(\.mu) == [0.5, 2])
    #expect(trials.map(\.heldOut) == [nil, 3] && trials.map(\.iterations) == [0, 0])
    #expect(trials.allSatisfy { $0.residual.isNaN && $0.penalty.isNaN })
  }

  @Test("A form that is not known yet is refused")
  func later() throws {
    let desk = try desk(#", "schema": 2"#)
    for read in [
      { _ = try Replay(reading: desk.path("v.json")) },
      { _ = try RecordedRun(of: desk.path("v.tif")) },
      { _ = try SidecarView(reading: desk.path("v.json")) },
    ] as [() throws -> Void] {
      let error = #expect(throws: RecordsError.self) { try read() }
      #expect(error == .laterSchema(path: desk.path("v.json"), schema: 2))
      #expect(error?.category == .badData)
    }
  }
}
