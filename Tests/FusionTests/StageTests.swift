import Fields
import Fusion
import Synchronization
import TestSupport
import Testing

/// Each stage of a fusion, made from the one before.
@Suite struct StageTests {
  private func task(
    _ kind: FusionScene.Kind = .single, size: Int = 48, scaled: Bool = true,
    _ settings: SensorFusion = SensorFusion()
  ) throws -> FusionTask {
    var scene = try FusionScene(kind, size: size)
    scene.background = 0.5
    var detectors = try scene.detectors()
    if !scaled { detectors = detectors.withoutScales }
    return FusionTask(settings, try detectors.data())
  }

  @Test("Denoised maps of unknown scale get the one at which their typical concentration is 1")
  func denoised() throws {
    let denoised = try Denoised(try task(scaled: false))
    let x = denoised.field
    let (sum, squares) = x.span.indices.reduce((0.0, 0.0)) {
      ($0.0 + Double(x.span[$1]), $0.1 + Double(x.span[$1]) * Double(x.span[$1]))
    }
    #expect(abs(squares / sum - 1) < 1e-4)
    // 16 counts where the truth is 1, 0.4 of them in the shell.
    #expect(denoised.maps[0].scale > 8 && denoised.maps[0].scale < 16)
    #expect(denoised.maps[0].strength > 0)
  }

  @Test("What a part of the data found of a map is kept for all of it")
  func kept() throws {
    let part = try Denoised(try task(scaled: false))
    let whole = try Denoised(try task(size: 64, scaled: false), like: part)
    #expect(whole.maps[0].scale == part.maps[0].scale)
    #expect(whole.maps[0].strength == part.maps[0].strength)
    #expect(whole.maps[0].contrastShare == part.maps[0].contrastShare)
    #expect(whole.field.count > part.field.count)
  }

  @Test(
    "A calibration finds the gain of the scene, chooses the power law, and leaves its stage as it was"
  )
  func calibrated() throws {
    let denoised = try Denoised(try task(size: 96))
    let before = denoised.field
    let calibrated = try Calibrated(denoised)
    let found = try #require(calibrated.problem.calibration)
    #expect(abs(found.coefficients[0] - 1) < 0.05 && abs(found.offset) < 0.02)
    #expect(calibrated.problem.model == .power && calibrated.unseen.isEmpty)
    #expect(areIdentical(before, calibrated.denoised.field))
    #expect(try Calibrated(denoised, model: .linear).problem.model == .linear)
  }

  @Test("A strength is searched, taken from λ₂ by its formula, or adopted from a part")
  func searched() throws {
    let calibrated = try Calibrated(try Denoised(try task()), model: .power)
    let searched = try Searched(calibrated)
    let best = try #require(searched.trials.min { $0.heldOut[0] < $1.heldOut[0] })
    #expect(searched.trials.count >= 3)
    #expect(
      searched.trials.contains { $0.mu < best.mu } && searched.trials.contains { $0.mu > best.mu })
    var settings = SensorFusion()
    settings.lambda2 = 0.01
    let told = try Searched(Calibrated(try Denoised(try task(.single, settings)), model: .power))
    let sigma = told.calibrated.task.data.haadf.sigma
    let share = told.calibrated.problem.variationShares[0]
    #expect(abs(told.strength * 2 * sigma * sigma * share / 0.01 - 1) < 1e-12)
    #expect(told.trials.isEmpty)
    let adopted = Searched(calibrated, as: searched)
    #expect(adopted.strength == searched.strength && adopted.rounds == searched.rounds)
  }

  @Test("Stages one after another are the fusion, and each is asked whether to go on")
  func fused() throws {
    let task = try task()
    let fused = try Fused(Searched(Calibrated(Denoised(task))))
    #expect(areIdentical(fused.field, try SensorFusion().fuse(task.counted).fused))
    let stages = Mutex<[SensorFusion.Stage]>([])
    let told = FusionTask(task.settings, task.counted) { stage in
      stages.withLock { $0.append(stage) }
    } isCancelled: {
      stages.withLock { $0.contains(.searching(trial: 1)) }
    }
    let calibrated = try Calibrated(Denoised(told), model: .power)
    #expect(throws: (any Error).self) { try Searched(calibrated) }
    #expect(stages.withLock { $0 } == [.denoising("Au"), .searching(trial: 1)])
  }
}

extension ImageDetectors {
  /// With maps whose scale is not known.
  fileprivate var withoutScales: ImageDetectors {
    var detectors = ImageDetectors(
      haadf,
      maps.map {
        var map = ImageDetectors.Map($0.element, $0.image)
        map.noise = $0.noise
        return map
      })
    detectors.spread = spread
    return detectors
  }
}
