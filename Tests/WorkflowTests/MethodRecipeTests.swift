import AlgebraicReconstruction
import VariationalReconstruction
import Fields
import AnalyticReconstruction
import Foundation
import Inversion
import Projection
import Reconstruction
import Testing
import Workflow

@Suite("MethodRecipe")
struct MethodRecipeTests {
  static let methods: [any ReconstructionMethod] = {
    var cs = CompressedSensing()
    (cs.prior.levels, cs.tiltWeights, cs.isNonNegative) = (3, [1, 0.25, 1.0 / 3], false)
    cs.prior.kind = .wavelet
    var counts = CompressedSensing()
    (counts.fidelity, counts.strength) = (.poisson(background: 0.1), .chosen(.gcv, noise: 0.5))
    do {
      let sweeps = try SART(
        sweeps: 4, relaxation: .decaying(0.7, factor: 0.9), order: .random(seed: .max),
        constraint: VoxelConstraint(isNonNegative: true, upperBound: 1.2))
      return [
        FilteredBackProjection(cutoff: 0.6, scale: .full),
        try SIRT(
          iterations: 7, relaxation: 0.3, isNonNegative: true,
          stopRule: StopRule(relativeChange: 1e-3, noise: 0.2), rays: .strip),
        sweeps, try OSSART(iterations: 3, subsets: 5), try CGLS(iterations: 6, noise: 0.25),
        try MLEM(iterations: 9, background: 0.3), try MLEM(iterations: 2, subsets: 4),
        try TVSART(sweeps, descent: TVDescent(steps: 3, factor: 0.4)),
        try ASDPOCS(sweeps, noise: 0.75), cs, counts,
      ]
    } catch { return [] }
  }()

  @Test("A method is made again from its record", arguments: methods.indices)
  func roundTrip(_ index: Int) throws {
    let method = Self.methods[index]
    let stored = try JSONEncoder().encode(MethodRecipe(method))
    let recipe = try JSONDecoder().decode(MethodRecipe.self, from: stored)
    let again = try recipe.method(among: .standard)
    #expect(type(of: again) == type(of: method))
    #expect(again.name == method.name && again.traits == method.traits)
    #expect(MethodRecipe(again) == MethodRecipe(method))
    #expect(recipe.parameters.count > 1)
  }

  @Test("A record of version 0.1 is read; what a run found goes before what it was asked")
  func earlier() throws {
    let text = """
      {"name": "cs", "parameters": {"choose": "auto", "contrastLimit": 0.02, "fidelity": "gaussian",
      "iterationLimit": 60, "lambda": 0.0125, "mu": 3.5, "nonNegative": true, "prior": "gradient",
      "rays": "joseph", "reach": "space", "solver": "primal-dual", "tolerance": 0.0001}}
      """
    let recipe = try JSONDecoder().decode(MethodRecipe.self, from: Data(text.utf8))
    let method = try #require(try recipe.method(among: .standard) as? CompressedSensing)
    #expect(method.strength == .lambda(0.0125) && method.prior.kind == .gradient)
    #expect(method.iterationLimit == 60)
  }

  @Test("What cannot be read is named")
  func refusals() throws {
    func error(_ name: String, _ parameters: [String: Setting]) -> String {
      do {
        _ = try MethodRecipe(name: name, parameters: parameters).method(among: .standard)
        return "none"
      } catch { return "\(error)" }
    }
    #expect(error("art", [:]).contains("'art' is unknown"))
    #expect(error("sirt", [:]).contains("'iterationLimit' is missing"))
    #expect(
      error("cs", ["prior": .text("tv"), "tolerance": .text("small")]).contains("'tolerance'"))
    #expect(
      error("sirt", ["iterationLimit": .count(0), "relaxation": .number(1)])
        .contains("at least 1 (got 0)"))
  }

  @Test("A part of the tilts has its weights, and its share of an absolute strength")
  func parts() throws {
    var method = CompressedSensing()
    (method.strength, method.tiltWeights) = (.mu(6), [1, 2, 3])
    let part = try method.restricted(to: [2, 0], of: 3)
    #expect(part.strength == .mu(4) && part.tiltWeights == [3, 1])
    #expect(throws: CompressedSensingError.tiltWeightCount(3, tilts: 4)) {
      try method.restricted(to: [0], of: 4)
    }
    method.strength = .chosen(nil, noise: nil)
    #expect(throws: CompressedSensingError.chosenStrength) {
      try method.repeatable(iterations: nil, lambda: nil)
    }
    #expect(try method.repeatable(iterations: 3, lambda: 0.5).strength == .lambda(0.5))
  }
}
