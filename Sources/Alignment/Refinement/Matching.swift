import RealModule
import Reconstruction
import Statistics

extension AlignmentStage {
  /// With every page laid over what the others predict of it, in rounds until that settles; the best round counts.
  package func matched(_ level: Level, rounds: Int = .max) throws -> AlignmentStage {
    guard settings.rounds > 0 else { return self }
    let (level, rounds) = (covered(level), min(rounds, settings.rounds))
    let scale = Double(level.factor)
    var stage = self
    var best = (error: Double.infinity, placements: found.placements)
    var quiet = 0
    for round in 0...rounds {
      let fits = try stage.prediction(level, stage.found.placements).fits(
        level, turns: settings.turnsPages, magnifies: settings.magnifiesPages)
      let error = heldOutError(fits, used: stage.found.isUsed)
      quiet = error < 0.999 * best.error ? 0 : quiet + 1
      if error < best.error { best = (error, stage.found.placements) }
      stage = stage.with { $0.correlations = fits.map(\.correlation) }
      guard round < rounds, quiet < 2 else { break }
      let step = MatchingStep(stage, fits, level, from: found.placements)
      stage = stage.with {
        ($0.isUsed, $0.placements) = (step.isUsed, step.placements)
        $0.rounds.append(
          SeriesAlignment.Round(
            binning: level.factor, heldOutError: error, movedAcross: step.across,
            movedAlong: step.along))
      }
      if max(step.across, step.along) < 0.02 * scale { break }
    }
    return stage.with { $0.placements = best.placements }
  }
}

/// One round of projection matching: every page moved half of the way to its prediction, without what moves the object as a
/// whole.
///
/// Every part of the tilts moves to where the others are: by the whole way, a distance between halves would
/// come back with the opposite sign for ever.
struct MatchingStep {
  /// Pages whose correlation lies far below the others' take no part in the next reconstruction.
  let isUsed: [Bool]
  let placements: [Placement]
  /// How far used pages were moved, root mean square, in raw pixels.
  let across: Double
  let along: Double

  /// Pixels of the level, and radians, that a page is moved by at most.
  private static let (limit, turnLimit) = (2.0, 0.02)

  /// - Parameter start: where the object is kept.
  init(_ stage: AlignmentStage, _ fits: [PictureFit], _ level: Level, from start: [Placement]) {
    let scale = Double(level.factor)
    let before = stage.found.placements
    let all = fits.map(\.correlation)
    let (middle, spread) = (median(all), robustDeviation(all, median))
    let isUsed = all.map { $0 > middle - max(6 * spread, 0.15) }
    var moved = zip(before, fits).map { placement, fit in
      var step = fit.correction
      step.across = 0.5 * min(max(step.across, -Self.limit), Self.limit) * scale
      step.along = 0.5 * min(max(step.along, -Self.limit), Self.limit) * scale
      step.rotation = 0.5 * min(max(step.rotation, -Self.turnLimit), Self.turnLimit)
      step.magnification = step.magnification.squareRoot()
      return placement.then(step)
    }
    let used = fits.indices.filter { isUsed[$0] }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(used.count, 1)) }
    let cosines = level.tilts.map { Double.cos($0 * .pi / 180) }
    let sines = level.tilts.map { Double.sin($0 * .pi / 180) }
    let drift = used.map { moved[$0].across - start[$0].across }
    let (dx, dz) = fit(drift, used.map { cosines[$0] }, used.map { sines[$0] })
    let dy = mean(used.map { moved[$0].along - start[$0].along })
    let growth = mean(used.map { moved[$0].magnification })
    for k in fits.indices {
      moved[k].across -= dx * cosines[k] + dz * sines[k]
      moved[k].along -= dy
      if stage.settings.magnifiesPages { moved[k].magnification /= growth }
    }
    func size(_ way: (Placement) -> Double) -> Double {
      let steps = used.map { way(moved[$0]) - way(before[$0]) }
      return mean(steps.map { $0 * $0 }).squareRoot()
    }
    (across, along) = (size(\.across), size(\.along))
    (self.isUsed, placements) = (isUsed, moved)
  }
}
