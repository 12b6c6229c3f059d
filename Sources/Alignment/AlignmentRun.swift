import Fields
import Preparation
import RealModule
import Reconstruction

/// An alignment in the making.
struct AlignmentRun {
  let aligner: SeriesAligner
  let monitor: Monitor
  let folds: Folds
  var specimen: Specimen
  var result: SeriesAlignment

  init(_ aligner: SeriesAligner, _ specimen: Specimen, tilts: [Double], _ monitor: Monitor) {
    (self.aligner, self.specimen, self.monitor) = (aligner, specimen, monitor)
    folds = Folds(tilts)
    result = SeriesAlignment(placements: tilts.map { _ in Placement() })
  }

  var settings: AlignmentSettings { aligner.settings }

  func prediction(_ level: Level, _ placements: [Placement]) throws -> Prediction {
    guard !monitor.isCancelled() else { throw ReconstructionError.interrupted }
    return try Prediction(
      level, level.placed(placements), of: specimen, folds, by: aligner.method,
      used: result.isUsed, monitor: monitor)
  }

  /// The held-out error of placements.
  func score(_ level: Level, _ placements: [Placement]) throws -> Double {
    heldOutError(try prediction(level, placements).fits(level), used: result.isUsed)
  }

  // MARK: - Ways

  /// An object within the field: its centre of mass guides the first steps.
  mutating func alignObject(_ levels: [Level]) throws {
    try placeCoarsely(levels[0])
    try searchAxis(levels[0], wide: true)
    if settings.rounds > 0 {
      for (place, level) in levels.enumerated() {
        // Beyond the middle size an axis is known better than a search could tell at its cost.
        if place == 1 { try searchAxis(level, wide: false) }
        try match(level)
      }
    }
    guard settings.axisRange > 0, try settleTurn(levels[0]), settings.rounds > 0 else { return }
    try match(levels[levels.count - 1], rounds: 4)
  }

  /// A layer that fills the field: pages are matched first, and turned by what is left then.
  mutating func alignLayer(_ levels: [Level]) throws {
    let first = levels[0]
    try placeLayer(first)
    if settings.rounds > 0 { try match(covered(first), rounds: 4) }
    try chooseThickness(covered(first))
    if settings.axisRange > 0 {
      var moved = try searchTurn(covered(first), isWide: true, width: 2)
      for _ in 0..<6 where moved >= 0.05 {
        if settings.rounds > 0 { try match(covered(first), rounds: 4) }
        moved = try searchTurn(covered(first), isWide: false, width: 1)
      }
      try chooseThickness(covered(first))
      _ = try settleTurn(first)
    }
    guard settings.rounds > 0 else { return }
    for level in levels { try match(covered(level)) }
  }

  /// A level as far as it shows a layer on nearly all pages.
  func covered(_ level: Level) -> Level {
    specimen.isCut ? level.covered(by: result.placements) : level
  }

  // MARK: - Verdict

  /// Leaves pages where they were told to be where no alignment is better: where that predicts them as well, or where
  /// neighbours agree better then.
  mutating func undoHarm(_ first: Level) throws {
    let level = covered(first)
    let told = result.placements.map { _ in settings.start }
    guard result.placements != told else { return }
    func agreement(_ placements: [Placement]) -> Double {
      let pages = level.placed(placements)
      let kept = pages.indices.filter { result.isUsed[$0] }
      return neighbourAgreement(
        kept.map { pages[$0] }, tilts: kept.map { level.tilts[$0] }, workers: level.workers)
    }
    let (before, after) = (agreement(told), agreement(result.placements))
    let (errorBefore, errorAfter) = (
      try score(level, told), try score(level, result.placements)
    )
    let isWorse = after < before - max(0.02, 0.05 * before) || errorAfter > errorBefore
    // Noise alone lets pages be moved to where they predict each other a little better.
    let isPoor = errorAfter > 0.5
    let gain = isPoor ? Self.leastGainOfPoor : Self.leastGain
    result.heldOutAsTold = errorBefore
    let isFound = !isPoor && (result.turn?.verdict == .found || result.turn?.verdict == .beyond)
    guard isWorse || !isFound && errorAfter > (1 - gain) * errorBefore else { return }
    result.placements = told
    result.turn?.dismiss()
    result.coarseChoice = settings.start == Placement() ? "as taken" : "as told"
    guard isWorse || isPoor else { return }
    result.warnings.append(
      """
      No alignment improves the series: the pages are left \(result.coarseChoice). Neighbours correlate \
      by \(short(before)) there, and by \(short(after)) in the best alignment; held-out errors are \
      \(short(errorBefore)) and \(short(errorAfter)).
      """)
  }

  /// Parts of the held-out error by which an alignment has to lower it; pages are left as they are for less, and so are not
  /// interpolated for nothing.
  private static let (leastGain, leastGainOfPoor) = (0.02, 0.1)

  /// What the final placements are worth.
  mutating func judge(_ finest: Level) throws {
    let level = covered(finest)
    let fits = try prediction(level, result.placements).fits(level)
    result.correlations = fits.map(\.correlation)
    let heldOut = HeldOut(
      fits, used: result.isUsed, noise: level.noise,
      smoothing: level.smoothing + Prediction.smoothing)
    result.heldOut = heldOut
    let words = [result.turn?.warning(range: settings.axisRange), heldOut.warning]
    result.warnings += words.compactMap(\.self)
  }

  var finished: SeriesAlignment { result }
}
