import Fields
import Imaging
package import Inversion
import RealModule
import Reconstruction

/// The chosen λ, all that was tried, and what it was compared with.
@dynamicMemberLookup
package struct ImageChoice: Sendable, Encodable {
  /// What was tried: from the strongest down, or all at once from the weakest up.
  package private(set) var choice: LambdaChoice
  package let noise: Double?
  package let noiseSource: String?
  /// Planes, rows and columns of the middle part on which values were tried.
  package let part: [Int]

  package subscript<Value>(dynamicMember path: KeyPath<LambdaChoice, Value>) -> Value {
    choice[keyPath: path]
  }

  private enum CodingKeys: CodingKey { case noise, noiseSource, part, warnings }

  package func encode(to encoder: any Encoder) throws {
    try choice.encode(
      to: encoder, [.lambda, .residual, .penalty, .gcv, .heldOut, .error, .iterations])
    var keys = encoder.container(keyedBy: CodingKeys.self)
    try keys.encodeIfPresent(noise, forKey: .noise)
    try keys.encodeIfPresent(noiseSource, forKey: .noiseSource)
    try keys.encode(part, forKey: .part)
    try keys.encode(choice.warnings, forKey: .warnings)
  }

  init(
    _ recipe: ImageDeblurring, _ y: FloatStorage, truth: FloatStorage?, _ monitor: Monitor
  ) throws {
    var asked: ChoiceRule?
    if case .chosen(let rule) = recipe.strength { asked = rule }
    let diagonal =
      asked == .heldOutPixels || !recipe.method.isLinear ? nil : DiagonalBlur(recipe.blur)
    let rule =
      asked
      ?? (recipe.vacuum != nil ? .vacuum : diagonal != nil ? .gcv : Self.standard(recipe))
    try Self.check(rule, recipe, isDiagonal: diagonal != nil)
    let noise = try ImageNoise(recipe, y)
    var target = noise?.level
    if case .poisson = recipe.fidelity { target = 1 }
    if rule == .vacuum, let vacuum = recipe.vacuum {
      let level = try ImageNoise.deviation(y, recipe.blur.grid, vacuum)
      // Two standard errors up: a level below the noise is met by no smoothing at all.
      let count = Double(vacuum.pixelCount)
      target = level * (1 + 2 / (2 * count).squareRoot())
    }
    try rule.check(
      among: ImageDeblurring.rules, noise: target,
      nonlinear: recipe.method.isLinear ? nil : recipe.name, hasTruth: truth != nil,
      hasVacuum: recipe.vacuum != nil)
    let grid = recipe.blur.grid
    let found: LambdaSearchResult
    if let diagonal {
      found = try Self.search(
        filters: recipe, diagonal, y, truth: truth, rule: rule, noise: target)
      part = [grid.planeCount, grid.rowCount, grid.columnCount]
    } else {
      let trials = try ImageTrials(recipe, y, truth: truth, leavesOut: rule == .heldOutPixels)
      found = try Self.search(trials, rule: rule, noise: target, monitor)
      part = [trials.grid.planeCount, trials.grid.rowCount, trials.grid.columnCount]
    }
    choice = LambdaChoice(
      rule, found, verdicts: found.trials.verdicts(noise: target, prediction: .heldOutPixels),
      warnings: found.isAtEdge ? [edgeNote("λ = \(short(found.lambda))")] : [])
    (self.noise, noiseSource) = (target, rule == .vacuum ? "vacuum" : noise?.source)
  }

  /// With errors of an image that is so many times darker.
  func dimmed(by brightness: Double) -> ImageChoice {
    var dimmed = self
    for i in choice.trials.indices {
      dimmed.choice.trials[i].error = choice.trials[i].error.map { $0 / brightness }
    }
    return dimmed
  }

  /// Where no transform helps, left-out pixels, which need no noise level; it costs about ten runs on
  /// a small part. Counts are compared with their own noise.
  private static func standard(_ recipe: ImageDeblurring) -> ChoiceRule {
    recipe.fidelity == .gaussian && recipe.method != .tsvd ? .heldOutPixels : .discrepancy
  }

  /// Refuses what this method and this blur cannot do.
  private static func check(
    _ rule: ChoiceRule, _ recipe: ImageDeblurring, isDiagonal: Bool
  ) throws(ChoiceError) {
    let canLeaveOut =
      [.tikhonov, .gradient, .tv, .l1, .atomicNumber].contains(recipe.method)
      && recipe.fidelity == .gaussian
    if rule == .gcv && recipe.method.isLinear && !isDiagonal
      || rule == .heldOutPixels && !canLeaveOut
      || rule != .oracle && recipe.method == .richardsonLucyTV
    {
      throw .notOffered(rule)
    }
  }
}
