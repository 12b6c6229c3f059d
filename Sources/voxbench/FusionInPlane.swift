import Fields
import Inversion
import Phantoms
import Plots
import SensorFusion

/// Fusion of images against raw, denoised and HAADF-only maps, with strengths chosen and tuned.
struct FusionInPlane {
  private let kinds: [FusionScene.Kind]
  private let size: Int
  private let isQuick: Bool
  private let workers: Workers

  init(isQuick: Bool, _ workers: Workers) {
    (self.isQuick, self.workers) = (isQuick, workers)
    kinds = isQuick ? [.single, .missing] : FusionScene.Kind.allCases
    size = isQuick ? 128 : 256
  }

  func run() throws -> StudyResult {
    var table = Table([
      "case", "map", "raw", "tv", "fused", "lambda1", "lambda2", "chi2", "blocks", "strange", "consistent", "seconds",
    ])
    var claims: [StudyResult.Claim] = []
    for kind in kinds {
      let scene = try FusionScene(kind, size: size)
      let detectors = try scene.detectors(workers: workers)
      let clock = ContinuousClock()
      let began = clock.now
      let result = try SensorFusion().fuse(try detectors.data())
      let seconds = (clock.now - began) / .seconds(1)
      for e in scene.truth.indices {
        let raw = detectors.maps[e].image.pixels
        let errors = [
          error(raw, scene.truth[e], Float(1 / scene.counts)),
          error(result.denoised, e, scene), error(result.fused, e, scene),
        ]
        let element = result.elements[e]
        try table.append([
          .text(kind.rawValue), .text(element.symbol), .number(errors[0]), .number(errors[1]),
          .number(errors[2]), .number(element.lambda1), .number(element.lambda2),
          .number(result.haadf.pixelChi2), .number(max(result.haadf.blockChi2, element.consistency.blockChi2)),
          .number(max(result.haadf.strangeShare, element.consistency.strangeShare)),
          .text("\(result.isConsistent)"), .number(seconds),
        ])
      }
      print(kind, result.calibration, result.report.iterations, result.elements.map(\.denoisingStrength), result.sigma, result.elements.map(\.scale))
      print(result.trials.map { "\($0.mu): \($0.heldOut)" })
      for s in [0.4, 1.0, 2.5] {
        for w in [0.5, 1.0] {
        var fusion = SensorFusion()
        fusion.lambda2 = result.lambda2 * s
        fusion.lambda1 = result.lambda1 * w
        fusion.gain = result.calibration.coefficients[0]
        fusion.offset = result.calibration.offset
        let t = clock.now
        let r = try fusion.fuse(try detectors.data())
        print("  ", s, w, r.report.iterations, (clock.now - t) / .seconds(1), scene.truth.indices.map { error(r.fused, $0, scene) })
        }
      }
    }
    return StudyResult(table: table, claims: claims)
  }

  private func error(_ x: FloatStorage, _ e: Int, _ scene: FusionScene) -> Double {
    let shape = SlabShape(
      sliceCount: scene.size, pageCount: 1, positionCount: scene.size)
    let count = shape.count
    let image = FusionImage(x.span.extracting(e * count..<(e + 1) * count), shape)
    return error(image.pixels, scene.truth[e], 1)
  }

  private func error(_ x: FloatStorage, _ truth: FloatStorage, _ factor: Float) -> Double {
    let (x, t) = (x.span, truth.span)
    var sum = 0.0
    for i in t.indices {
      let d = Double(factor * x[i] - t[i])
      sum += d * d
    }
    return (sum / Double(t.count)).squareRoot()
  }
}
