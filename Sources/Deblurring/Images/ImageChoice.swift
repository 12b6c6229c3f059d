import Fields
import Imaging
import Inversion
import RealModule
import Reconstruction

/// How λ is chosen for an image.
public enum ImageRule: String, Sendable, Codable, CaseIterable {
  /// Morozov: the residual equals the noise.
  case discrepancy
  /// Generalised cross-validation, exact; for linear methods where the blur is diagonal.
  case gcv
  /// The corner of log R(x) against log residual.
  case lCurve = "l-curve"
  /// The least error against the truth.
  case oracle
  /// A tenth of the pixels is left out and predicted.
  case heldOutPixels = "held-out-pixels"
  /// The residual equals the noise where the image holds nothing, and two standard errors of it.
  case vacuum
}

/// The chosen λ, and all that was tried.
public struct ImageChoice: Sendable, Encodable {
  public let rule: ImageRule
  public let lambda: Double
  /// From the strongest down.
  public private(set) var candidates: [Candidate]
  /// What other rules make of the same trials.
  public let verdicts: [String: Double]
  public let noise: Double?
  public let noiseSource: String?
  /// Planes, rows and columns of the middle part on which values were tried.
  public let part: [Int]
  public let warnings: [String]

  /// One λ that was tried.
  public struct Candidate: Sendable, Encodable, Hashable {
    public let lambda: Double
    /// The root mean square of `y − Hx`.
    public let residual: Double
    /// `R(x)`, of x with a blur of unit sum.
    public let penalty: Double
    public let gcv: Double?
    public let heldOut: Double?
    /// Against the truth.
    public let error: Double?
    public let iterations: Int
  }

  init(
    _ recipe: ImageDeblurring, _ y: FloatStorage, truth: FloatStorage?, _ monitor: Monitor
  ) throws {
    var asked: ImageRule?
    if case .chosen(let rule) = recipe.strength { asked = rule }
    let diagonal =
      asked == .heldOutPixels || !recipe.method.isLinear ? nil : DiagonalBlur(recipe.blur)
    let rule =
      asked
      ?? (recipe.vacuum != nil ? .vacuum : diagonal != nil ? .gcv : Self.standard(recipe))
    try Self.check(rule, recipe, hasTruth: truth != nil, isDiagonal: diagonal != nil)
    let noise = try ImageNoise(recipe, y)
    var target = noise?.level
    if case .poisson = recipe.fidelity { target = 1 }
    if rule == .vacuum, let vacuum = recipe.vacuum {
      let level = try ImageNoise.deviation(y, recipe.blur.grid, vacuum)
      // Two standard errors up: a level below the noise is met by no smoothing at all.
      let count = Double(vacuum.pixelCount)
      target = level * (1 + 2 / (2 * count).squareRoot())
    }
    if rule == .discrepancy || rule == .vacuum, target == nil {
      throw DeblurringError.noiseUnknown(rule: rule.rawValue)
    }
    let grid = recipe.blur.grid
    let found: Search
    if let diagonal {
      found = try Search(filters: recipe, diagonal, y, truth: truth, rule: rule, noise: target)
      part = [grid.planeCount, grid.rowCount, grid.columnCount]
    } else {
      let trials = try ImageTrials(recipe, y, truth: truth, leavesOut: rule == .heldOutPixels)
      found = try Search(trials, rule: rule, noise: target, monitor)
      part = [trials.grid.planeCount, trials.grid.rowCount, trials.grid.columnCount]
    }
    (self.rule, lambda, candidates) = (rule, found.lambda, found.candidates)
    verdicts = Self.verdicts(found.candidates, noise: target)
    (self.noise, noiseSource) = (target, rule == .vacuum ? "vacuum" : noise?.source)
    warnings =
      found.isAtEdge
      ? ["λ = \(Float(found.lambda)) lies at the edge of what was tried; the best may lie beyond."]
      : []
  }

  /// With errors of an image that is so many times darker.
  func dimmed(by brightness: Double) -> ImageChoice {
    var choice = self
    choice.candidates = candidates.map {
      Candidate($0.trial, error: $0.error.map { $0 / brightness }, gcv: $0.gcv)
    }
    return choice
  }

  /// Where no transform helps, left-out pixels, which need no noise level; it costs about ten runs on
  /// a small part. Counts are compared with their own noise.
  private static func standard(_ recipe: ImageDeblurring) -> ImageRule {
    recipe.fidelity == .gaussian && recipe.method != .tsvd ? .heldOutPixels : .discrepancy
  }

  private static func check(
    _ rule: ImageRule, _ recipe: ImageDeblurring, hasTruth: Bool, isDiagonal: Bool
  ) throws {
    switch rule {
    case .oracle where !hasTruth: throw DeblurringError.truthUnknown
    case .gcv where !recipe.method.isLinear:
      throw DeblurringError.notLinear(rule: rule.rawValue, method: recipe.name)
    case .gcv where !isDiagonal:
      throw ImageDeblurringError.ruleNotOffered(rule: rule.rawValue, method: recipe.name)
    case .vacuum where recipe.vacuum == nil: throw DeblurringError.referenceUnknown
    default: break
    }
    let needsLeavingOut = rule == .heldOutPixels
    let canLeaveOut =
      [.tikhonov, .gradient, .tv, .l1, .atomicNumber].contains(recipe.method)
      && recipe.fidelity == .gaussian
    if needsLeavingOut && !canLeaveOut || recipe.method == .richardsonLucyTV && rule != .oracle {
      throw ImageDeblurringError.ruleNotOffered(rule: rule.rawValue, method: recipe.name)
    }
  }

  private static func verdicts(_ candidates: [Candidate], noise: Double?) -> [String: Double] {
    var verdicts: [String: Double] = [:]
    func lowest(_ value: (Candidate) -> Double?) -> Double? {
      let known = candidates.filter { value($0) != nil }
      guard known.count >= 3 else { return nil }
      return known.min { (value($0) ?? .infinity) < (value($1) ?? .infinity) }?.lambda
    }
    verdicts[ImageRule.gcv.rawValue] = lowest(\.gcv)
    verdicts[ImageRule.oracle.rawValue] = lowest(\.error)
    verdicts[ImageRule.heldOutPixels.rawValue] = lowest(\.heldOut)
    let trials = candidates.map(\.trial)
    verdicts[ImageRule.lCurve.rawValue] = LCurve.corner(trials)
    if let noise {
      verdicts[ImageRule.discrepancy.rawValue] = LambdaSearch().interpolated(trials, noise)
    }
    return verdicts
  }
}

extension ImageChoice.Candidate {
  init(_ trial: Trial, error: Double?, gcv: Double? = nil) {
    self.init(
      lambda: trial.lambda, residual: trial.residual, penalty: trial.penalty,
      gcv: gcv ?? trial.gcv,
      heldOut: trial.heldOut, error: error, iterations: trial.iterations)
  }

  var trial: Trial {
    Trial(
      lambda: lambda, mu: lambda, residual: residual, penalty: penalty, heldOut: heldOut,
      iterations: iterations)
  }
}
