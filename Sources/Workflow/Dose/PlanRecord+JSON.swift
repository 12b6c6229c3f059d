import DosePlanning
import Reconstruction

/// The parts of a plan in JSON; what is not known is `null`.
extension PlanRecord {
  struct Dose: Encodable {
    let total: Double
    let collectedFraction: Double
    let unit = "electrons/nm²"

    init(_ budget: DoseBudget) {
      (total, collectedFraction) = (budget.total, budget.collectedFraction)
    }
  }

  struct Cell: Encodable {
    let cell: PlanCell

    init(_ cell: PlanCell) { self.cell = cell }

    enum CodingKeys: String, CodingKey {
      case method, tilts, dosePerTilt, brightestCounts, rmse, rmseDeviation, resolution
      case resolutionDeviation, resolutionIsLimit, runs
    }

    func encode(to encoder: any Encoder) throws {
      var keys = encoder.container(keyedBy: CodingKeys.self)
      try keys.encode(cell.method, forKey: .method)
      try keys.encode(cell.tiltCount, forKey: .tilts)
      try keys.encode(cell.dosePerTilt, forKey: .dosePerTilt)
      try keys.encode(cell.brightestCounts, forKey: .brightestCounts)
      try keys.encode(cell.rmse.mean, forKey: .rmse)
      try keys.encode(cell.rmse.deviation, forKey: .rmseDeviation)
      try keys.encode(cell.resolution?.mean, forKey: .resolution)
      try keys.encode(cell.resolution?.deviation, forKey: .resolutionDeviation)
      try keys.encode(cell.resolutionIsLimit, forKey: .resolutionIsLimit)
      try keys.encode(cell.runs.map(Run.init), forKey: .runs)
    }
  }

  struct Run: Encodable {
    let run: PlannedRun

    init(_ run: PlannedRun) { self.run = run }

    enum CodingKeys: String, CodingKey {
      case seed, noise, rmse, resolution, resolutionKind, lambda, iterations, settings, seconds
    }

    func encode(to encoder: any Encoder) throws {
      var keys = encoder.container(keyedBy: CodingKeys.self)
      try keys.encode(run.seed, forKey: .seed)
      try keys.encode(run.noise, forKey: .noise)
      try keys.encode(run.rmse, forKey: .rmse)
      try keys.encode(run.resolution.nm, forKey: .resolution)
      try keys.encode(kind, forKey: .resolutionKind)
      try keys.encode(run.lambda, forKey: .lambda)
      try keys.encode(run.iterations, forKey: .iterations)
      try keys.encode(run.settings, forKey: .settings)
      try keys.encode(run.seconds, forKey: .seconds)
    }

    private var kind: String {
      switch run.resolution {
      case .crossing: "crossing"
      case .atMost: "atMost"
      case .atLeast: "atLeast"
      case .notMeasured: "notMeasured"
      }
    }
  }

  struct Verdict: Encodable {
    let verdict: TiltVerdict

    init(_ verdict: TiltVerdict) { self.verdict = verdict }

    enum CodingKeys: String, CodingKey { case method, best, enough, harmful, relativeError }

    func encode(to encoder: any Encoder) throws {
      var keys = encoder.container(keyedBy: CodingKeys.self)
      try keys.encode(verdict.method, forKey: .method)
      try keys.encode(verdict.best, forKey: .best)
      try keys.encode(verdict.enough, forKey: .enough)
      try keys.encode(verdict.harmful, forKey: .harmful)
      try keys.encode(verdict.relativeError, forKey: .relativeError)
    }
  }
}
