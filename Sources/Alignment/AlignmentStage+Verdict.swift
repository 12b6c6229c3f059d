import Preparation
import RealModule

extension AlignmentStage {
  /// Pages where they were told to be where no alignment is better: where that predicts them as well, or where
  /// neighbours agree better then.
  package func withoutHarm(_ first: Level) throws -> AlignmentStage {
    let level = covered(first)
    let told = found.placements.map { _ in settings.start }
    guard found.placements != told else { return self }
    func agreement(_ placements: [Placement]) -> Double {
      let pages = level.placed(placements)
      let kept = pages.indices.filter { found.isUsed[$0] }
      return neighbourAgreement(
        kept.map { pages[$0] }, tilts: kept.map { level.tilts[$0] }, workers: level.workers)
    }
    let (before, after) = (agreement(told), agreement(found.placements))
    let (errorBefore, errorAfter) = (
      try score(level, told), try score(level, found.placements)
    )
    let isWorse = after < before - max(0.02, 0.05 * before) || errorAfter > errorBefore
    // Noise alone lets pages be moved to where they predict each other a little better.
    let isPoor = errorAfter > 0.5
    let gain = isPoor ? Self.leastGainOfPoor : Self.leastGain
    let isFound = !isPoor && (found.turn?.verdict == .found || found.turn?.verdict == .beyond)
    let isUndone = isWorse || !isFound && errorAfter > (1 - gain) * errorBefore
    return with {
      $0.heldOutAsTold = errorBefore
      guard isUndone else { return }
      $0.placements = told
      $0.turn?.dismiss()
      $0.coarseChoice = settings.start == Placement() ? "as taken" : "as told"
      guard isWorse || isPoor else { return }
      $0.warnings.append(
        """
        No alignment improves the series: the pages are left \($0.coarseChoice). Neighbours correlate \
        by \(short(before)) there, and by \(short(after)) in the best alignment; held-out errors are \
        \(short(errorBefore)) and \(short(errorAfter)).
        """)
    }
  }

  /// Parts of the held-out error by which an alignment has to lower it; pages are left as they are for less, and so are not
  /// interpolated for nothing.
  private static let (leastGain, leastGainOfPoor) = (0.02, 0.1)

  /// With what the final placements are worth.
  package func judged(_ finest: Level) throws -> AlignmentStage {
    let level = covered(finest)
    let fits = try prediction(level, found.placements).fits(level)
    let heldOut = HeldOut(
      fits, used: found.isUsed, noise: level.noise,
      smoothing: level.smoothing + Prediction.smoothing)
    return with {
      $0.correlations = fits.map(\.correlation)
      $0.heldOut = heldOut
      let words = [$0.turn?.warning(range: settings.axisRange), heldOut.warning]
      $0.warnings += words.compactMap(\.self)
    }
  }
}
