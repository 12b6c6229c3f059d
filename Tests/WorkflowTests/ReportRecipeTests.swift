import SeriesIO
import AlgebraicReconstruction
import AnalyticReconstruction
import Foundation
import Reconstruction
import Records
import Reporting
import StackIO
import TestDesk
import Testing
import Workflow

@Suite struct ReportRecipeTests {
  /// A reconstruction of the ball, and the page about it.
  private func page(
    _ method: (any ReconstructionMethod)? = nil, sidecar: ((inout [String: Any]) -> Void)? = nil
  ) throws -> String {
    let desk = try Desk()
    try desk.series("-60:60:20", to: "s.tif")
    var recipe = ReconstructionRecipe(
      try desk.source("s.tif", "-60:60:20"), try method ?? SIRT(iterations: 3),
      to: StackTarget(path: desk.path("v.tif")))
    recipe.command = ["reconstruct", "s.tif", "--out", "it's.tif"]
    _ = try recipe.run(.silent)
    if let sidecar {
      var facts = try desk.json("v.json")
      sidecar(&facts)
      try JSONSerialization.data(withJSONObject: facts).write(to: desk.url("v.json"))
    }
    _ = try ReportRecipe(desk.path("v.tif")).run(.silent)
    return String(decoding: try Data(contentsOf: desk.url("v.html")), as: UTF8.self)
  }

  /// The five facts in their order.
  private func facts(_ page: String) throws -> [String] {
    let list = try #require(page.firstMatch(of: /<dl class="key">([\s\S]*?)<\/dl>/)).1
    return list.matches(of: /<dt>[^<]*<\/dt><dd[^>]*>([^<]*)/).map { String($0.1) }
  }

  @Test("The five facts are those of the run; a dose that nobody told is missing")
  func facts() throws {
    #expect(
      try facts(page()) == [
        "−60° to 60°", "20°", "sirt, 3 iterations", "none: this method has no prior", "missing",
      ])
    #expect(
      try facts(page(FilteredBackProjection())) == [
        "−60° to 60°", "20°", "fbp", "none: this method has no prior", "missing",
      ])
  }

  @Test("A prior that is set otherwise has no λ")
  func otherPrior() throws {
    let page = try page(TVSART(SART(sweeps: 1)))
    #expect(try facts(page)[3] == "none: the prior has other settings")
  }

  @Test("A λ says how it was chosen, or that this is missing")
  func lambda() throws {
    func words(_ change: @escaping (inout [String: Any]) -> Void) throws -> String {
      let page = try page(sidecar: change)
      let found = try #require(
        page.firstMatch(of: /<dt>λ<\/dt><dd[^>]*>([^<]*)<\/dd>(?:<dd class="note">([^<]*))?/))
      return "\(found.1) | \(found.2 ?? "")"
    }
    #expect(
      try words { ($0["method"], $0["lambda"]) = ("cs", 0.002) }
        == "0.002 | how it was chosen: missing")
    #expect(
      try words {
        ($0["method"], $0["lambda"], $0["settings"]) = ("cs", 2e-5, ["lambda": 2e-5])
        $0["command"] = ["reconstruct", "s.tif", "--lambda", "2e-5"]
      } == "2e−5 | given as --lambda 2e−5")
    #expect(
      try words {
        ($0["method"], $0["lambda"]) = ("cs", 0.25)
        $0["lambdaChoice"] = ["rule": "held-out-tilts", "candidates": [[:], [:]]]
      } == "0.25 | chosen by held out tilts from 2 candidates")
    #expect(try words { $0["method"] = "of tomorrow" } == "missing | The sidecar has no λ.")
  }

  @Test("A sidecar of nulls and gaps gives a page on which the five facts are missing")
  func gaps() throws {
    let page = try page {
      for key in $0.keys where key != "output" { $0[key] = NSNull() }
      $0["seconds"] = nil
      $0["history"] = "a word where a list should be"
    }
    #expect(try facts(page) == Array(repeating: "missing", count: 5))
  }

  @Test("Steps that differ are called uneven, and so are doses")
  func uneven() throws {
    let page = try page {
      $0["geometry"] = ["tilts": [10, -5, 0], "tiltStep": NSNull()]
      $0["dose"] = ["total": 3, "unit": "electrons/Å²", "perTilt": [0.5, 1, 1.5]]
    }
    let found = try facts(page)
    #expect(found[0] == "−5° to 10°" && found[1] == "uneven: 5° to 10°")
    #expect(found[4] == "3 electrons/Å²" && page.contains("0.5 to 1.5 per tilt"))
  }

  @Test("A volume that is not the recorded one is shown under a loud warning")
  func otherVolume() throws {
    let page = try page {
      var output = $0["output"] as? [String: Any] ?? [:]
      output["sha256"] = String(repeating: "0", count: 64)
      $0["output"] = output
    }
    let warnings = try #require(
      page.firstMatch(of: /<section id="warnings" class="warning">([\s\S]*?)<\/section>/)
    ).1
    #expect(warnings.contains("the SHA-256 differs"))
    #expect(try !self.page().contains("the SHA-256 differs"))
  }

  @Test("Every fact of the sidecar stands in the provenance")
  func provenance() throws {
    let seed = "18446744073709551615"
    let page = try page {
      $0["seed"] = UInt64.max
      $0["tomorrow"] = ["depth": ["of": ["field": "12.5 nm <&>"]], "list": [1, 2]]
      $0["equal"] = [0.5, 0.5, 0.5, 0.5]
      $0["pairs"] = (0..<9).map { ["a": $0, "b": "item\($0)"] }
    }
    let part = try #require(page.range(of: "<section id=\"provenance\""))
    let told = page[part.lowerBound...]
    for fact in [
      seed, "12.5 nm &lt;&amp;&gt;", "<dt>list</dt><dd>1, 2</dd>", "item8", "pairs",
      "<dt>equal</dt><dd>0.5, each of 4</dd>",
      "voxtilt reconstruct s.tif --out &#39;it&#39;\\&#39;&#39;s.tif&#39;",
      "-60, -40, -20, 0, 20, 40, 60", "<dt>relaxation</dt>", "<dt>dose</dt><dd>not recorded</dd>",
      "<dt>sha256</dt>", "history", "<dt>processor</dt>", "<dt>compute (s)</dt>",
    ] {
      #expect(told.contains(fact), "\(fact)")
    }
  }

  @Test("What the tilts sample is shown; quality that was not measured comes with the way to it")
  func sections() throws {
    let page = try page()
    let links = page.matches(of: /<a href="#([a-z-]+)"/).map { String($0.1) }
    #expect(
      links == ["volume", "turning", "convergence", "coverage", "not-measured", "provenance"])
    let missing = try #require(page.range(of: "<section id=\"not-measured\""))
    let open = page[missing.lowerBound...]
    for part in ["id=\"halves\"", "id=\"residual\"", "voxtilt quality", "id=\"lambda\""] {
      #expect(open.contains(part), "\(part)")
    }
  }

  @Test("What cannot be told of, or would be overwritten, is refused")
  func refusals() throws {
    let desk = try Desk()
    var simulation = try desk.simulation("-60:60:20", to: "s.tif")
    simulation.command = ["simulate", "ball.json"]
    _ = try simulation.run(.silent)
    #expect(throws: WorkflowError.notAVolume(path: desk.path("s.tif"))) {
      try ReportRecipe(desk.path("s.tif")).run(.silent)
    }
    _ = try ReconstructionRecipe(
      try desk.source("s.tif", "-60:60:20"), try SIRT(iterations: 1),
      to: StackTarget(path: desk.path("v.tif"))
    ).run(.silent)
    for input in ["v.tif", "v.json", "s.tif"] {
      #expect(throws: RecordsError.sameFile(path: desk.path(input))) {
        try ReportRecipe(desk.path("v.tif"), to: desk.path(input)).run(.silent)
      }
    }
    try desk.write("<html>mine</html>", to: "mine.html")
    #expect(throws: RecordsError.foreign(path: desk.path("mine.html"))) {
      try ReportRecipe(desk.path("v.tif"), to: desk.path("mine.html")).run(.silent)
    }
    let again = ReportRecipe(desk.path("v.tif"))
    _ = try again.run(.silent)
    _ = try again.run(.silent)
    try desk.write("[1, 2", to: "v.json")
    #expect(throws: ReportError.badSidecar(path: desk.path("v.json"))) {
      try again.run(.silent)
    }
    try FileManager.default.removeItem(at: desk.url("v.json"))
    #expect(
      throws: WorkflowError.noSidecar(stack: desk.path("v.tif"), sidecar: desk.path("v.json"))
    ) { try again.run(.silent) }
  }
}
