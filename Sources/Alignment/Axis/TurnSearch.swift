extension AlignmentStage {
  /// Turns the pages to where what is left after their best shifts is least, and tells by how much, in degrees.
  ///
  /// - Parameters:
  ///   - isWide: the whole range is searched, in steps of 2°, from the angle that was told.
  ///   - width: of the parabola, in degrees either way.
  package func turned(
    _ level: Level, isWide: Bool, width: Double
  ) throws -> (stage: AlignmentStage, degrees: Double) {
    let level = covered(level)
    var curves: [ScoreCurve] = []
    if isWide {
      let weights = try fits(level, turnedBy: 0).map(\.weight)
      let curve = try ScoreCurve(
        "turn of the pages / °", from: -settings.axisRange, to: settings.axisRange, step: 2,
        fineness: 2
      ) { degrees in
        let parts = try residuals(level, turnedBy: degrees, weights)
        return parts.reduce(0) { $0 + $1.reduce(0, +) } / Double(max(parts.count, 1))
      }
      curves = [curve]
    }
    let middle = curves.first?.lowest ?? 0
    let best = try turnEstimate(level, about: middle, width: width).best ?? middle
    return (with { $0.curves += curves }.turned(by: best), best)
  }

  private func turned(by degrees: Double) -> AlignmentStage {
    let turn = Placement(rotation: degrees * .pi / 180)
    return with { $0.placements = $0.placements.map { $0.then(turn) } }
  }

  /// Of turns about one of the pages, in degrees.
  private func turnEstimate(
    _ level: Level, about middle: Double, width: Double
  ) throws -> TurnEstimate {
    let weights = try fits(level, turnedBy: middle).map(\.weight)
    let turns = [-1, -0.5, 0, 0.5, 1].map { middle + width * $0 }
    return TurnEstimate(turns, try turns.map { try residuals(level, turnedBy: $0, weights) })
  }

  private func fits(_ level: Level, turnedBy degrees: Double) throws -> [PictureFit] {
    let turn = Placement(rotation: degrees * .pi / 180)
    return try prediction(level, found.placements.map { $0.then(turn) }).fits(level)
  }

  /// What is left of every used page after its best shift, `[page][band]`.
  ///
  /// Weights have to be those of one turn: a turned page varies more or less for itself, by what comes into the field.
  private func residuals(
    _ level: Level, turnedBy degrees: Double, _ weights: [Double]
  ) throws -> [[Double]] {
    let fits = try fits(level, turnedBy: degrees)
    return fits.indices.filter { found.isUsed[$0] }
      .map { k in fits[k].bands.map { weights[k] * $0 } }
  }

  /// With the turn that was found where the pages tell it, and the told one where they do not.
  package func withSettledTurn(_ level: Level) throws -> AlignmentStage {
    let told = settings.axisRotation ?? 0
    let estimate = try turnEstimate(covered(level), about: 0, width: 1)
    let here = found.axisRotation
    let turn = AxisTurn(
      found: estimate.best.map { here - $0 }, error: estimate.error, told: told,
      range: settings.axisRange,
      isBeyond: estimate.isBeyond
        && abs(here - told) >= max(settings.axisRange - 0.5, 0.9 * settings.axisRange))
    let correction =
      switch turn.verdict {
      // Of an object within the field, pages as they lie tell the turn better than after their best shifts.
      case .found: specimen.isCut ? estimate.best ?? 0 : 0
      case .beyond: 0.0
      case .agrees, .undetermined, .dismissed: here - told
      }
    return with { $0.turn = turn }.turned(by: correction)
  }
}

extension PictureFit {
  /// One over what the page varies.
  fileprivate var weight: Double { energy > 0 ? 1 / energy : 0 }
}
