import VariationalReconstruction
import Fields
import Inversion
import Phantoms
import Plots
import Reconstruction

/// How much worse a λ chosen by a rule is than the best one: phantoms × noise × priors.
///
/// `discretisation` is what the projector makes of the rendered truth less the exact series, over the
/// standard deviation of the noise. Where it is large, the residual at the best λ is not the noise, and
/// a rule that compares with the noise cannot be right. So the rules are judged where it is at most 0.3.
struct LambdaAuto {
  private let folder: String
  private let workers: Workers
  private let names: [String]
  private let noises: [Double]
  private let priors: [Prior.Kind]
  private let width: Int
  private let slices: Int
  private static let fineGrid = 0.3

  init(_ folder: String, isQuick: Bool, _ workers: Workers) {
    (self.folder, self.workers) = (folder, workers)
    names = isQuick ? ["two-level"] : ["two-level", "core-shell", "shepp-logan"]
    noises = isQuick ? [0.05] : [0.01, 0.03, 0.05]
    priors = isQuick ? [.tv] : [.tv, .gradient]
    (width, slices) = isQuick ? (32, 8) : (96, 24)
  }

  /// One phantom, one noise, one prior.
  private struct Cell {
    let discretisation: Double
    let best: Finding
    let heldOut: Finding
    let discrepancy: Finding

    var heldOutRatio: Double { heldOut.error / best.error }
    var discrepancyRatio: Double { discrepancy.error / best.error }
  }

  func run() throws -> StudyResult {
    var table = Table([
      "phantom", "noise", "prior", "discretisation", "best λ", "best error", "held-out λ",
      "held-out error", "held-out ratio", "discrepancy λ", "discrepancy error", "discrepancy ratio",
    ])
    var cells: [Cell] = []
    for name in names {
      let recipe = try PhantomRecipe(reading: "\(folder)/\(name).json")
      let scene = try Scene(recipe, width: width, slices: slices, tiltCount: 71, workers)
      let discretisation = scene.discretisationError()
      for noise in noises {
        let (series, sigma) = try scene.measured(noise: noise)
        for prior in priors {
          let cell = try cell(scene, series, sigma, prior, discretisation / sigma)
          cells.append(cell)
          try table.append([
            .text(name), .number(noise), .text(prior.rawValue), .number(cell.discretisation),
            .number(cell.best.setting), .number(cell.best.error),
            .number(cell.heldOut.setting), .number(cell.heldOut.error),
            .number(cell.heldOutRatio),
            .number(cell.discrepancy.setting), .number(cell.discrepancy.error),
            .number(cell.discrepancyRatio),
          ])
        }
      }
    }
    return StudyResult(table: table, claims: claims(cells))
  }

  private func cell(
    _ scene: Scene, _ series: TiltSeries, _ sigma: Double, _ prior: Prior.Kind,
    _ discretisation: Double
  ) throws -> Cell {
    var method = CompressedSensing()
    method.prior = Prior(prior)
    method.iterationLimit = 300
    return Cell(
      discretisation: discretisation,
      best: try scene.best(method, series, from: prior == .tv ? 2e-4 : 1e-5, workers),
      heldOut: try chosen(.heldOutTilts, method, scene, series, sigma),
      discrepancy: try chosen(.discrepancy, method, scene, series, sigma))
  }

  private func chosen(
    _ rule: ChoiceRule, _ method: CompressedSensing, _ scene: Scene, _ series: TiltSeries,
    _ sigma: Double
  ) throws -> Finding {
    var method = method
    method.strength = .chosen(rule, noise: sigma)
    let (volume, report) = try method.reconstruct(
      series, scene.geometry, from: nil, workers: workers)
    return Finding(setting: report.lambda ?? 0, error: scene.error(of: volume.voxels))
  }

  private func claims(_ cells: [Cell]) -> [StudyResult.Claim] {
    let fine = cells.filter { $0.discretisation <= Self.fineGrid }
    guard !fine.isEmpty else { return [] }
    let near = fine.count { $0.heldOutRatio <= 1.1 }
    let close = fine.count { $0.discrepancyRatio <= 1.35 }
    let worst = { (values: [Double]) in ((values.max() ?? 0) * 1000).rounded() / 1000 }
    return [
      StudyResult.Claim(
        words: """
          held-out tilts come within 10 % of the best in \(near) of \(fine.count) cells of \
          discretisation at most \(Self.fineGrid) (four of five are wanted)
          """, holds: 5 * near >= 4 * fine.count),
      StudyResult.Claim(
        words: """
          held-out tilts are never more than 20 % above the best; the worst ratio is \
          \(worst(fine.map(\.heldOutRatio))), over all \(cells.count) cells \
          \(worst(cells.map(\.heldOutRatio)))
          """, holds: fine.allSatisfy { $0.heldOutRatio <= 1.2 }),
      StudyResult.Claim(
        words: """
          discrepancy comes within 35 % of the best in \(close) of \(fine.count) such cells; the \
          worst ratio is \(worst(fine.map(\.discrepancyRatio))), over all cells \
          \(worst(cells.map(\.discrepancyRatio)))
          """, holds: close == fine.count),
    ]
  }
}
