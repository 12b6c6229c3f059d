import Fields
import Inversion
import Plots
import RealModule
import Fusion

/// Fusion of images against raw, denoised and HAADF-only maps, with strengths chosen by the data.
///
/// `tuned` is the best of a grid of λ₂ about the chosen one, judged by the truth. The dose factors tell
/// how much more dose the maps alone would need for the same error: against raw maps `(raw/fused)²`, and
/// against denoised ones, at doses of 1 to 8, by interpolation.
struct FusionInPlane {
  private let kinds: [FusionScene.Kind]
  private let size: Int
  private let isQuick: Bool
  private let workers: Workers
  private let pictures: String?

  init(isQuick: Bool, _ workers: Workers, pictures: String?) {
    (self.isQuick, self.workers, self.pictures) = (isQuick, workers, pictures)
    kinds =
      isQuick ? [.single, .missing] : [.single, .missing, .twoMaps, .singleColumns, .twoColumns]
    size = isQuick ? 96 : 256
  }

  func run() throws -> StudyResult {
    var table = Table([
      "case", "map", "raw", "tv", "fused", "tuned", "result", "lambda1", "lambda2",
      "dose_vs_raw", "dose_vs_tv", "haadf_chi2", "consistent", "vacuum_mean", "vacuum_rms",
      "seconds",
    ])
    var claims: [StudyResult.Claim] = []
    for kind in kinds {
      var scene = try FusionScene(kind, size: size)
      scene.background = 0.5
      let detectors = try scene.detectors(workers: workers)
      let clock = ContinuousClock()
      let began = clock.now
      let result = try SensorFusion().fuse(try detectors.data())
      let seconds = (clock.now - began) / .seconds(1)
      let tuned = try tuned(scene, detectors, result)
      let doses = try denoisedErrors(scene)
      for e in scene.truth.indices {
        let truth = scene.truth[e]
        let raw = error(
          detectors.maps[e].image.pixels, truth, Float(1 / scene.counts), less: scene.background)
        let (tv, fused) = (error(result.denoised, e, scene), error(result.fused, e, scene))
        let given = error(result.concentrations, e, scene)
        let vacuum = vacuum(result, e, scene)
        let element = result.elements[e]
        try table.append([
          .text(kind.rawValue), .text(element.symbol), .number(raw), .number(tv), .number(fused),
          .number(tuned[e]), .number(given), .number(element.lambda1), .number(element.lambda2),
          .number((raw / fused) * (raw / fused)), doseFactor(doses.map { $0[e] }, fused),
          .number(result.haadf.pixelChi2), .text("\(result.isConsistent)"),
          .number(vacuum.mean), .number(vacuum.rms), .number(seconds),
        ])
        let name = "\(kind.rawValue), \(element.symbol)"
        claims.append(
          StudyResult.Claim(
            words: "\(name): the result is no worse than total variation", holds: given <= tv))
        if kind == .missing {
          claims.append(
            StudyResult.Claim(
              words: "\(name): the contradiction is found", holds: !result.isConsistent))
        } else {
          claims.append(
            StudyResult.Claim(
              words: "\(name): the chosen λ₂ is within 15 % of the best",
              holds: fused <= 1.15 * tuned[e]))
        }
      }
      if let pictures {
        try picture(scene, detectors, result)
          .write(to: "\(pictures)/fusion-2d-\(kind.rawValue).png")
      }
    }
    return StudyResult(table: table, claims: claims)
  }

  /// The least error of each map along λ₂.
  private func tuned(
    _ scene: FusionScene, _ detectors: ImageDetectors, _ chosen: FusionResult
  ) throws -> [Double] {
    var best = scene.truth.indices.map { error(chosen.fused, $0, scene) }
    for factor in isQuick ? [2] : [0.5, 2] {
      var fusion = SensorFusion()
      fusion.lambda2 = factor * chosen.lambda2
      let result = try fusion.fuse(try detectors.data())
      for e in best.indices { best[e] = min(best[e], error(result.fused, e, scene)) }
    }
    return best
  }

  /// The errors of denoised maps at multiples of the dose, `[dose][map]`.
  private func denoisedErrors(_ scene: FusionScene) throws -> [[Double]] {
    try Self.doses.prefix(isQuick ? 2 : 4).map { dose in
      var richer = scene
      (richer.counts, richer.background) = (scene.counts * dose, scene.background * dose)
      richer.seed = 7
      let data = try richer.detectors(workers: workers).data()
      let result = try SensorFusion().denoise(data)
      return scene.truth.indices.map { error(result, $0, scene) }
    }
  }
  private static let doses = [1.0, 2, 4, 8]

  /// The dose at which errors fall to `target`, in log-log; empty beyond what was tried.
  private func doseFactor(_ errors: [Double], _ target: Double) -> Table.Cell {
    for k in errors.indices.dropLast() where errors[k] >= target && errors[k + 1] < target {
      let part = Double.log(errors[k] / target) / Double.log(errors[k] / errors[k + 1])
      return .number(Self.doses[k] * Double.pow(Self.doses[k + 1] / Self.doses[k], part))
    }
    return (errors.first ?? 0) < target
      ? .text("below 1") : .text("above \(Int(Self.doses[errors.count - 1]))")
  }

  private func image(_ x: FloatStorage, _ e: Int, _ scene: FusionScene) -> Image {
    let shape = SlabShape(sliceCount: scene.size, pageCount: 1, positionCount: scene.size)
    return Image(x.span.extracting(e * shape.count..<(e + 1) * shape.count), shape)
  }

  private func error(_ x: FloatStorage, _ e: Int, _ scene: FusionScene) -> Double {
    error(image(x, e, scene).pixels, scene.truth[e], 1)
  }

  private func error(
    _ x: [Float], _ truth: FloatStorage, _ factor: Float, less background: Double = 0
  ) -> Double {
    let t = truth.span
    var sum = 0.0
    for i in t.indices {
      let d = Double(factor * (x[i] - Float(background)) - t[i])
      sum += d * d
    }
    return (sum / Double(t.count)).squareRoot()
  }

  /// Mean and root mean square of the map beyond 90 of 128 of the half width.
  private func vacuum(
    _ result: FusionResult, _ e: Int, _ scene: FusionScene
  ) -> (mean: Double, rms: Double) {
    let pixels = image(result.concentrations, e, scene).pixels
    let middle = 0.5 * Double(size - 1)
    var (sum, squares, count) = (0.0, 0.0, 0.0)
    for i in 0..<size * size {
      let (y, x) = (Double(i / size) - middle, Double(i % size) - middle)
      guard (x * x + y * y).squareRoot() > 90 * Double(size) / 256 else { continue }
      sum += Double(pixels[i])
      squares += Double(pixels[i]) * Double(pixels[i])
      count += 1
    }
    return (sum / count, (squares / count).squareRoot())
  }

  private func picture(
    _ scene: FusionScene, _ detectors: ImageDetectors, _ result: FusionResult
  ) throws -> Picture {
    var panels: [Panel] = []
    for e in scene.truth.indices {
      let name = scene.elements[e].symbol
      let peak: Float = e == 1 ? 0.5 : 1.2
      let truth = scene.truth[e]
      panels.append(
        Panel(Picture(truth.span, width: size, limits: 0...peak), caption: "\(name), truth"))
      for (caption, pixels, top) in [
        (
          "\(name), counts", detectors.maps[e].image.pixels,
          peak * Float(scene.counts)
        ),
        ("\(name), total variation", image(result.denoised, e, scene).pixels, peak),
        ("\(name), result", image(result.concentrations, e, scene).pixels, peak),
      ] {
        panels.append(
          Panel(Picture(pixels.span, width: size, limits: 0...top), caption: caption))
      }
    }
    return .montage(panels, columnCount: 4)
  }
}
