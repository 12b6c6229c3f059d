import Fields
import Reconstruction

/// A calibrated problem with the strength at which it predicts best.
package struct Searched {
  package let calibrated: Calibrated
  /// μ
  package private(set) var strength: Double
  package private(set) var trials: [StrengthTrial] = []
  /// How the two fits are mixed, and how often contrast is given back.
  package private(set) var contrastShare = 1.0
  package private(set) var rounds = 1

  /// Takes μ from λ₂ where that is given, and searches it otherwise.
  package init(_ calibrated: consuming Calibrated) throws {
    let task = calibrated.task
    strength = calibrated.strength
    if let lambda2 = task.settings.lambda2 {
      let sigma = task.data.haadf.sigma
      strength = lambda2 / (2 * sigma * sigma * calibrated.meanShare)
      self.calibrated = calibrated
      return
    }
    self.calibrated =
      try task.isImage ? calibrated : calibrated.corrected(at: strength, within: 0.01)
    try search()
  }

  /// The problem of all data at the strength that a part of them asked for.
  package init(_ calibrated: Calibrated, as found: Searched) {
    self.calibrated = calibrated
    (strength, trials) = (found.strength, found.trials)
    (contrastShare, rounds) = (found.contrastShare, found.rounds)
  }

  private mutating func search() throws {
    let task = calibrated.task
    var problem = calibrated.problem
    problem.leavesOut = true
    let (fixed, pace) = (problem, problem.pace)
    var fit = FusionProblem.Fit(from: calibrated.denoised.unknowing)
    var count = 0
    let search = try StrengthSearch(from: strength) { μ in
      count += 1
      task.onStage(.searching(trial: count))
      try fixed.fit(μ, &fit, pace.trial(fit.isFresh), isCancelled: task.isCancelled)
      try task.endIfCancelled()
      return try fixed.heldOutMisfits(fit)
    }
    (strength, trials, contrastShare) = (search.best, search.trials, search.contrastShare)
    guard task.isImage else { return }
    // Contrast is given back as often as counts show more of it and prediction does not suffer.
    var least = Double.infinity
    let (share, maps) = (contrastShare, task.data.maps.indices)
    var rounds = 1
    try fixed.fit(strength, &fit, pace.trial(false), isCancelled: task.isCancelled) { round, fit in
      let misfit = try fixed.heldOutMisfit(fit.blend(share))
      guard misfit < least + StrengthSearch.advantage else { return false }
      (least, rounds) = (min(misfit, least), round)
      return round < FusionProblem.mostRounds && maps.contains { fixed.isBlunt(fit.unbiased, $0) }
    }
    self.rounds = rounds
  }
}
