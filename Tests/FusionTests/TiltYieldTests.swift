import Fields
import Foundation
import Operators
import Phantoms
import Fusion
import TestSupport
import Testing

@Suite struct TiltYieldTests {
  private static let recipe = """
    {"name": "balls", "description": "", "unit": "halfWidth", "size": [24, 24, 24], "objects": [
    {"shape": "sphere", "centre": [0.1, 0, -0.1], "radius": 0.4, "density": 1},
    {"shape": "sphere", "centre": [-0.4, 0.3, 0.3], "radius": 0.2, "density": 1}]}
    """
  private static let factors: [Float] = [0.5, 0.8, 1.1, 1.2, 0.9, 0.7, 1.3, 1.2, 1.0]
  private static let tilts = (0..<9).map { -60 + 15 * Double($0) }

  private func multiplied(_ series: TiltSeries, _ factors: [Float]) -> TiltSeries {
    var series = series
    for tilt in factors.indices {
      for y in 0..<series.shape.sliceCount {
        for bin in 0..<series.shape.binCount { series[tilt, y, bin] *= factors[tilt] }
      }
    }
    return series
  }

  private func detectors(
    _ factors: [Float], haadf change: [Float] = [1]
  ) throws -> SeriesDetectors {
    let phantom = try Phantom(try PhantomRecipe(Data(Self.recipe.utf8), from: "balls"))
    let angles = (0..<31).map { -75 + 5 * Double($0) }
    var haadf = phantom.project(degrees: angles, binCount: 24)
    haadf = multiplied(haadf, angles.indices.map { change[$0 % change.count] })
    _ = try NoiseModel.poisson(counts: 500, output: .lineIntegrals).apply(to: &haadf, seed: 1)
    let maps = try ["Au", "Ni"].enumerated().map { e, symbol in
      var counts = multiplied(phantom.project(degrees: Self.tilts, binCount: 24), factors)
      _ = try NoiseModel.poisson(counts: 20, output: .counts).apply(
        to: &counts, seed: 2 + UInt64(e))
      return SeriesDetectors.Map(try ChemicalElement(symbol), counts)
    }
    return SeriesDetectors(haadf, maps, depth: 24)
  }

  @Test("What the detector catches at each tilt is read from the counts, for all maps together")
  func found() throws {
    var detectors = try detectors(Self.factors)
    detectors.yields = .automatic
    let maps = try detectors.data().maps
    let yields = try #require(maps[0].yields)
    #expect(yields == maps[1].yields && yields.isUsed && yields.departure > 100)
    let mean = Self.factors.reduce(0, +) / 9
    for (tilt, factor) in Self.factors.enumerated() {
      let expected = Double(factor / mean)
      #expect(abs(yields.values[tilt] - expected) < 4 * yields.errors[tilt] + 0.01)
      #expect(yields.errors[tilt] < 0.03)
    }
    let x = noise(count: maps[0].imaging.domainCount, seed: 5)
    let y = noise(count: maps[0].imaging.rangeCount, seed: 6)
    #expect(maps[0].imaging.adjointMismatch(x.span, y.span) < 1e-5)
  }

  @Test("Equal yields are left alone, and those of an object that leaves the field are only named")
  func untouched() throws {
    var equal = try detectors([Float](repeating: 1, count: 9))
    #expect(try equal.data().maps[0].yields == nil)
    equal.yields = .automatic
    let calm = try #require(try equal.data().maps[0].yields)
    #expect(!calm.isUsed && calm.departure < 5 && !calm.fieldIsLeft)
    var leaving = try detectors(Self.factors, haadf: [0.7, 1, 1.3])
    leaving.yields = .automatic
    let told = try #require(try leaving.data().maps[0].yields)
    #expect(!told.isUsed && told.departure > 5 && told.fieldIsLeft)
    leaving.yields = .free
    #expect(try leaving.data().maps[0].yields?.isUsed == true)
  }

  @Test(
    "With their yields maps agree with HAADF as well as with equal ones, and the result says so")
  func fused() throws {
    var fusion = SensorFusion()
    (fusion.model, fusion.iterationLimit) = (.linear, 60)
    func result(_ factors: [Float], _ choice: TiltYields.Choice) throws -> FusionResult {
      var detectors = try detectors(factors)
      detectors.yields = choice
      return try fusion.fuse(try detectors.data())
    }
    func misfit(_ result: FusionResult) -> Double { result.elements[0].consistency.blockChi2 }
    let (equal, freed, blind) = (
      try result([1, 1, 1, 1, 1, 1, 1, 1, 1], .equal), try result(Self.factors, .automatic),
      try result(Self.factors, .equal)
    )
    #expect(misfit(freed) < 1.5 * misfit(equal))
    #expect(misfit(blind) > 2 * misfit(freed))
    #expect(freed.elements[0].yields?.isUsed == true)
    #expect(freed.notes.contains { $0.contains("from tilt to tilt") })
    #expect(!equal.notes.contains { $0.contains("from tilt to tilt") })
  }
}
