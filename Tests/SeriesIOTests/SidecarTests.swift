import Workflow
import SeriesIO
import AlgebraicReconstruction
import Files
import AnalyticReconstruction
import Foundation
import Reconstruction
import Records
import StackIO
import TestDesk
import Testing

@Suite struct SidecarTests {
  static let keys: Set = [
    "voxtilt", "processor", "directory", "command", "inputs", "output", "geometry", "method",
    "settings", "iterations", "lambda", "lambdaChoice", "noise", "dose", "history", "stopReason",
    "seed", "seconds", "warnings", "schema", "written", "stageWarnings",
  ]

  @Test("Every key is there, and what is not known is null")
  func keysAndNulls() throws {
    let desk = try Desk()
    try desk.series("-60:60:20", to: "s.tif")
    let recipe = ReconstructionRecipe(
      try desk.source("s.tif", "-60:60:20"), FilteredBackProjection(),
      to: StackTarget(path: desk.path("v.mrc")))
    _ = try recipe.run(.silent)
    #expect(Set(try desk.json("v.json").keys) == Self.keys.union(["field"]))
    #expect(Set(try desk.json("s.json").keys) == Self.keys.union(["contents"]))
    let sidecar = try desk.json("v.json")
    for key in ["lambda", "lambdaChoice", "noise", "dose", "seed"] {
      #expect(sidecar[key] is NSNull, "\(key)")
    }
    #expect((sidecar["history"] as? [Any])?.isEmpty == true)
    #expect(sidecar["stopReason"] as? String == "direct" && sidecar["iterations"] as? Int == 1)
    let output = try #require(sidecar["output"] as? [String: Any])
    #expect(output["shape"] as? [Int] == [16, 5, 16] && output["voxelSize"] is NSNull)
    #expect(output["sha256"] as? String == (try Fingerprint(path: desk.path("v.mrc")).sha256))
    let settings = try #require(sidecar["settings"] as? [String: Any])
    #expect(settings["window"] as? String == "ram-lak" && settings["cutoff"] as? Double == 1)
  }

  @Test("Geometry is told in degrees as it was used: flipped, then offset")
  func geometry() throws {
    let desk = try Desk()
    try desk.series("-60:60:20", to: "s.tif")
    var options = SeriesSource.Options()
    options.tilts = try .init(range: "-60:60:20")
    options.flipsTilts = true
    options.pixelSize = 0.7
    var recipe = ReconstructionRecipe(
      try SeriesSource(path: desk.path("s.tif"), options), try SIRT(iterations: 2),
      to: StackTarget(path: desk.path("v.tif")))
    (recipe.tiltOffset, recipe.axisOffset, recipe.zOffset, recipe.depth) = (1.5, 0.25, -2, 10)
    _ = try recipe.run(.silent)
    let sidecar = try desk.json("v.json")
    let geometry = try #require(sidecar["geometry"] as? [String: Any])
    #expect(geometry["tilts"] as? [Double] == [61.5, 41.5, 21.5, 1.5, -18.5, -38.5, -58.5])
    #expect(geometry["tiltRange"] as? [Double] == [-58.5, 61.5])
    #expect(geometry["tiltStep"] as? Double == 20 && geometry["tiltAxis"] as? String == "y")
    #expect(geometry["axisOffset"] as? Double == 0.25 && geometry["zOffset"] as? Double == -2)
    #expect(geometry["tiltOffset"] as? Double == 1.5 && geometry["flipTilts"] as? Bool == true)
    #expect((sidecar["output"] as? [String: Any])?["voxelSize"] as? Double == 0.7)
    let history = try #require(sidecar["history"] as? [[String: Any]])
    #expect(history.count == 2 && history[1]["misfit"] is Double)
  }

  @Test(
    "A folder or a link is no reason to lose the name of the sidecar",
    arguments: [
      ("v.tif", "v.json"), ("a/b/v.mrc", "a/b/v.json"), ("/v.x.tif", "/v.x.json"),
      ("./v.tif", "./v.json"),
    ])
  func names(stack: String, sidecar: String) {
    #expect(sidecarPath(of: stack) == sidecar)
  }
}
