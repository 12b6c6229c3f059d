import Fields
import Fusion
import Testing

/// What HAADF sees of elements with a common unit, given and found.
@Suite struct WeightTests: RealMaps {
  /// Two lattices that HAADF weighs 0.4 to 1, where `Z^1.7` says 0.14.
  private func result(
    scale: Double?, weights: (scandium: Double?, dysprosium: Double?)
  ) throws -> FusionResult {
    let known = try detectors(
      [("Sc", lattice(4), 8000), ("Dy", lattice(12), 20000)], counts: 8, sigma: 400)
    let given = [weights.scandium, weights.dysprosium]
    let maps = zip(known.maps, given).map { map, weight in
      var element = map.element
      element.weight = weight
      var weighed = ImageDetectors.Map(element, map.image)
      weighed.scale = scale
      return weighed
    }
    return try SensorFusion().fuse(try ImageDetectors(known.haadf, maps).data())
  }

  @Test("A weight is found with its error, and where the one that is used is wrong it is said")
  func found() throws {
    let tied = try result(scale: 8, weights: (nil, nil))
    let weight = try #require(tied.elements[0].weight)
    #expect(abs(weight.value - 0.4) < 0.1 && weight.error < 0.05)
    #expect(abs(try #require(weight.used) - 0.14274) < 1e-4)
    #expect(!tied.isConsistent)
    #expect(tied.notes.contains { $0.contains("give --weight Sc=") })
  }

  @Test("A given weight takes the place of Z^γ, with scales or with the weights of all")
  func given() throws {
    for result in [
      try result(scale: 8, weights: (0.4, nil)), try result(scale: nil, weights: (0.4, 1)),
    ] {
      let c = result.calibration.coefficients
      #expect(abs(c[0] / c[1] - 0.4) < 1e-6)
      #expect(result.isConsistent)
      #expect(!result.notes.contains { $0.contains("--weight") })
      let weight = try #require(result.elements[0].weight)
      #expect(weight.used == 0.4 && abs(weight.value - 0.4) < 3 * weight.error)
    }
  }

  @Test("A weight without a common unit of concentration is refused")
  func refused() throws {
    #expect(throws: FusionError.weights(without: ["Dy"])) {
      _ = try result(scale: nil, weights: (0.4, nil))
    }
    #expect(throws: FusionError.positive("weight", -1)) {
      _ = try result(scale: 8, weights: (-1, nil))
    }
  }

  @Test("What is written carries its own χ² and bias, also where the maps alone are written")
  func written() throws {
    let fused = try result(scale: 8, weights: (0.4, nil))
    #expect(fused.written.map(\.consistency) == fused.elements.map(\.consistency))
    #expect(fused.writtenHAADF == fused.haadf)
    let fallen = try result(scale: 8, weights: (nil, nil))
    #expect(fallen.hasFallenBack)
    #expect(fallen.writtenHAADF.pixelChi2 > 4 * fallen.haadf.pixelChi2)
    for (fit, element) in zip(fallen.written, fallen.elements) {
      #expect(fit.consistency != element.consistency)
      #expect(abs(fit.bias.all) < 0.03)
      // Total variation of a map alone takes contrast from narrow columns.
      #expect(-0.2..<0 ~= fit.bias.brightest && fit.bias.error < 0.03)
    }
  }
}
