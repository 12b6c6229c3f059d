import RealModule
import Reconstruction
import Statistics

extension AlignmentRun {
  mutating func match(_ level: Level, rounds: Int? = nil) throws {
    let rounds = min(rounds ?? settings.rounds, settings.rounds)
    let scale = Double(level.factor)
    let start = result.placements
    var best = (error: Double.infinity, placements: start)
    var quiet = 0
    for round in 0...rounds {
      let prediction = try prediction(level, result.placements)
      let fits = prediction.fits(
        level, turns: settings.turnsPages, magnifies: settings.magnifiesPages)
      let error = heldOutError(fits, used: result.isUsed)
      quiet = error < 0.999 * best.error ? 0 : quiet + 1
      if error < best.error { best = (error, result.placements) }
      result.correlations = fits.map(\.correlation)
      guard round < rounds, quiet < 2 else { break }
      reject(fits)
      let moved = move(fits, scale: scale, level, from: start)
      result.rounds.append(
        SeriesAlignment.Round(
          binning: level.factor, heldOutError: error, movedAcross: moved.across,
          movedAlong: moved.along))
      if max(moved.across, moved.along) < 0.02 * scale { break }
    }
    result.placements = best.placements
  }

  /// Pages whose correlation lies far below the others' take no part in the next reconstruction.
  mutating func reject(_ fits: [PictureFit]) {
    let all = fits.map(\.correlation)
    let middle = median(all)
    let spread = robustDeviation(all, median)
    result.isUsed = all.map { $0 > middle - max(6 * spread, 0.15) }
  }

  /// Moves every page half of the way to its prediction, and takes off what moves the object as a whole.
  ///
  /// Every part of the tilts moves to where the others are: by the whole way, a distance between halves would
  /// come back with the opposite sign for ever.
  mutating func move(
    _ fits: [PictureFit], scale: Double, _ level: Level, from start: [Placement]
  ) -> (across: Double, along: Double) {
    let limit = 2.0
    let before = result.placements
    for k in fits.indices {
      var step = fits[k].correction
      step.across = 0.5 * min(max(step.across, -limit), limit) * scale
      step.along = 0.5 * min(max(step.along, -limit), limit) * scale
      step.rotation = 0.5 * min(max(step.rotation, -0.02), 0.02)
      step.magnification = step.magnification.squareRoot()
      result.placements[k] = before[k].then(step)
    }
    let used = fits.indices.filter { result.isUsed[$0] }
    let (cosines, sines) = (
      level.tilts.map { Double.cos($0 * .pi / 180) }, level.tilts.map { Double.sin($0 * .pi / 180) }
    )
    let drift = used.map { result.placements[$0].across - start[$0].across }
    let (dx, dz) = fit(drift, used.map { cosines[$0] }, used.map { sines[$0] })
    let dy =
      used.map { result.placements[$0].along - start[$0].along }.reduce(0, +)
      / Double(max(used.count, 1))
    let growth =
      used.map { result.placements[$0].magnification }.reduce(0, +)
      / Double(max(used.count, 1))
    for k in fits.indices {
      result.placements[k].across -= dx * cosines[k] + dz * sines[k]
      result.placements[k].along -= dy
      if settings.magnifiesPages { result.placements[k].magnification /= growth }
    }
    func size(_ way: (Placement) -> Double) -> Double {
      let sum = used.reduce(0) { total, k in
        let d = way(result.placements[k]) - way(before[k])
        return total + d * d
      }
      return (sum / Double(max(used.count, 1))).squareRoot()
    }
    return (size(\.across), size(\.along))
  }
}
