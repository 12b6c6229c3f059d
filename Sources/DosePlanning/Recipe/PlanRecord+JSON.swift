import Reconstruction
import Records

/// The parts of a plan in JSON; what is not known is `null`.
extension PlanResult {
  struct Dose: Encodable {
    let total: Double
    let collectedFraction: Double
    let unit = "electrons/nm²"

    init(_ budget: DoseBudget) {
      (total, collectedFraction) = (budget.total, budget.collectedFraction)
    }
  }

  struct Cell: Encodable {
    let method: String
    let tilts: Int
    let dosePerTilt: Double
    let brightestCounts: Double
    let rmse: Double
    @Nullable var rmseDeviation: Double?
    @Nullable var resolution: Double?
    @Nullable var resolutionDeviation: Double?
    let resolutionIsLimit: Bool
    let runs: [Run]

    init(_ cell: PlanCell) {
      (method, tilts, dosePerTilt) = (cell.method, cell.tiltCount, cell.dosePerTilt)
      (rmse, rmseDeviation) = (cell.rmse.mean, cell.rmse.deviation)
      (resolution, resolutionDeviation) = (cell.resolution?.mean, cell.resolution?.deviation)
      (brightestCounts, resolutionIsLimit) = (cell.brightestCounts, cell.resolutionIsLimit)
      runs = cell.runs.map(Run.init)
    }
  }

  struct Run: Encodable {
    let seed: UInt64
    let noise: Double
    let rmse: Double
    @Nullable var resolution: Double?
    let resolutionKind: String
    @Nullable var lambda: Double?
    let iterations: Int
    let settings: [String: Setting]
    let seconds: Double

    init(_ run: PlannedRun) {
      (seed, noise, rmse) = (run.seed, run.noise, run.rmse)
      (resolution, lambda, iterations) = (run.resolution.nm, run.lambda, run.iterations)
      (settings, seconds) = (run.settings, run.seconds)
      resolutionKind =
        switch run.resolution {
        case .crossing: "crossing"
        case .atMost: "atMost"
        case .atLeast: "atLeast"
        case .notMeasured: "notMeasured"
        }
    }
  }
}
