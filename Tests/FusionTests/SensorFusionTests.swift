import Fields
import Fusion
import TestSupport
import Testing

@Suite struct SensorFusionTests {
  private func scene(_ kind: FusionScene.Kind) throws -> FusionScene {
    var scene = try FusionScene(kind, size: 96)
    scene.background = 0.5
    return scene
  }

  private func error(_ field: FloatStorage, _ e: Int, _ scene: FusionScene) -> Double {
    let shape = SlabShape(sliceCount: scene.size, pageCount: 1, positionCount: scene.size)
    let image = Image(field.span.extracting(e * shape.count..<(e + 1) * shape.count), shape)
    let (x, t) = (image.pixels, scene.truth[e])
    return
      ((0..<t.count).reduce(0.0) {
        $0 + Double(x[$1] - t.span[$1]) * Double(x[$1] - t.span[$1])
      } / Double(t.count)).squareRoot()
  }

  @Test(
    "Fusion beats total variation of the map alone, is never negative and leaves the vacuum empty")
  func single() throws {
    let scene = try scene(.single)
    let result = try SensorFusion().fuse(try scene.detectors().data())
    #expect(result.isConsistent)
    #expect(error(result.fused, 0, scene) < 0.7 * error(result.denoised, 0, scene))
    #expect(result.fused.span.indices.allSatisfy { result.fused.span[$0] >= 0 })
    #expect(result.haadf.pixelChi2 < 1.2)
    #expect(abs(result.calibration.coefficients[0] - 1) < 0.05)
    let shape = SlabShape(sliceCount: 96, pageCount: 1, positionCount: 96)
    let vacuum = try result.vacuumLevels(
      shape, in: ImageRegion(rows: 0..<12, columns: 0..<96))
    #expect(abs(vacuum[0].mean) < 0.02)
    let outside = ImageRegion(rows: 0..<97, columns: 0..<9)
    #expect(throws: FusionError.vacuum(outside)) {
      _ = try result.vacuumLevels(shape, in: outside)
    }
  }

  @Test("What no map explains is found and named, and the denoised map stands in")
  func missing() throws {
    let scene = try scene(.missing)
    let result = try SensorFusion().fuse(try scene.detectors().data())
    #expect(!result.isConsistent && result.hasFallenBack)
    #expect(areIdentical(result.concentrations, result.denoised))
    #expect(result.unexplainedShare > 0.2)
    #expect(result.notes.contains { $0.contains("HAADF and maps contradict each other") })
    var stubborn = SensorFusion()
    stubborn.fallsBack = false
    let fused = try stubborn.fuse(try scene.detectors().data())
    #expect(error(fused.concentrations, 0, scene) > error(result.denoised, 0, scene))
  }

  @Test("Two maps: each is no worse than by total variation")
  func two() throws {
    let scene = try scene(.twoMaps)
    let result = try SensorFusion().fuse(try scene.detectors().data())
    #expect(result.isConsistent)
    for (e, limit) in [(0, 0.9), (1, 1)] {
      #expect(error(result.fused, e, scene) <= limit * error(result.denoised, e, scene))
    }
    // With known scales, HAADF follows Z^1.7.
    let c = result.calibration.coefficients
    #expect(abs(c[1] / c[0] - 0.171476) < 1e-4)
  }

  @Test("Maps of larger pixels, and maps of unknown scale, are fused as well")
  func binned() throws {
    var scene = try scene(.single)
    scene.binning = 2
    let known = try scene.detectors()
    var detectors = ImageDetectors(
      known.haadf,
      known.maps.map {
        var map = ImageDetectors.Map($0.element, $0.image)
        map.noise = $0.noise
        return map
      })
    detectors.spread = known.spread
    let result = try SensorFusion().fuse(try detectors.data())
    #expect(result.isConsistent && !result.elements[0].scaleIsGiven)
    // The counts are 16 x whatever the unit of x.
    let shape = SlabShape(sliceCount: 96, pageCount: 1, positionCount: 96)
    let image = Image(result.fused.span, shape)
    let core = Double(image[48, 48]) * result.elements[0].scale
    #expect(abs(core - 16) < 1.6)
  }

  @Test("An element that HAADF cannot see is left out of its model, and the result says so")
  func unseen() throws {
    let scene = try scene(.twoMaps)
    let haadf = try scene.detectors()
    var light = ImageDetectors(
      haadf.haadf,
      [haadf.maps[0], .init(try ChemicalElement("Li"), haadf.maps[1].image)].map {
        var map = $0
        (map.noise, map.scale) = (.poisson(background: 0.5), 16)
        return map
      })
    light.spread = haadf.spread
    light.haadfSigma = 0.02
    let result = try SensorFusion().fuse(try light.data())
    #expect(!result.elements[1].isSeenByHAADF && result.elements[0].isSeenByHAADF)
    #expect(result.calibration.coefficients[1] == 0)
    #expect(result.notes.contains { $0.contains("does not show Li") })
  }

  @Test("The same bytes with one thread and three")
  func threads() throws {
    let scene = try scene(.twoMaps)
    var fusion = SensorFusion()
    fusion.iterationLimit = 20
    let one = try fusion.fuse(try scene.detectors(workers: Workers(1)).data())
    let three = try fusion.fuse(try scene.detectors(workers: Workers(3)).data())
    #expect(areIdentical(one.fused, three.fused))
  }

  @Test("What cannot be fused is refused by name")
  func refusals() throws {
    let detectors = try scene(.single).detectors()
    let gold = detectors.maps[0]
    #expect(throws: FusionError.noMaps) {
      _ = try SensorFusion().fuse(try ImageDetectors(detectors.haadf, []).data())
    }
    #expect(throws: FusionError.twice("Au")) {
      _ = try SensorFusion().fuse(try ImageDetectors(detectors.haadf, [gold, gold]).data())
    }
    #expect(throws: FusionError.emptyMap("Au")) {
      let empty = Image([Float](repeating: 0, count: 96 * 96), columnCount: 96)
      _ = try SensorFusion().fuse(
        try ImageDetectors(detectors.haadf, [.init(gold.element, empty)]).data())
    }
    #expect(throws: FusionError.emptyHAADF) {
      let flat = Image([Float](repeating: 1, count: 96 * 96), columnCount: 96)
      _ = try ImageDetectors(flat, [gold]).data()
    }
    #expect(throws: FusionError.shape("Au", found: [50, 50], haadf: [96, 96])) {
      let small = Image([Float](repeating: 1, count: 2500), columnCount: 50)
      _ = try ImageDetectors(detectors.haadf, [.init(gold.element, small)]).data()
    }
  }

  @Test("Noise is read where there is signal, since the vacuum of counted images has none")
  func noise() throws {
    let detectors = try scene(.single).detectors()
    // The shell, two thirds of the particle, holds 0.21, the core 1, with 2500 counts at 1.
    #expect((0.009...0.02).contains(try detectors.data().haadf.sigma))
  }

  @Test(
    "Counts where HAADF shows nothing are told as a background that was not given, with its level")
  func undeclaredBackground() throws {
    let scene = try scene(.twoMaps)
    let known = try scene.detectors()
    func fused(_ background: Double) throws -> FusionResult {
      var detectors = ImageDetectors(
        known.haadf,
        known.maps.map {
          var map = ImageDetectors.Map($0.element, $0.image)
          (map.noise, map.scale) = (.poisson(background: background), $0.scale)
          return map
        })
      detectors.spread = known.spread
      return try SensorFusion().fuse(try detectors.data())
    }
    let untold = try fused(0)
    for level in untold.vacuumCounts { #expect(abs(try #require(level) - 0.5) < 0.04) }
    let notes = untold.notes
    #expect(
      notes.contains { $0.contains("Where HAADF shows nothing") && $0.contains("--background 0.5") }
    )
    let told = try fused(0.5)
    let (levels, wrong) = (told.vacuumCounts, told.contradicted)
    #expect(levels == [nil, nil] && wrong.isEmpty)
    #expect(!told.notes.contains { $0.contains("--background") })
  }
}
