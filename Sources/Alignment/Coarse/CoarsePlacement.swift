import RealModule

extension AlignmentStage {
  /// Chooses the turn of the pages and their shifts together: for every turn, shifts along the axis are those of
  /// common lines, and shifts across it those that predict the pages best. Common lines alone cannot tell the turn,
  /// since turned layers smear into profiles that agree well with each other.
  package func placedCoarsely(_ level: Level) throws -> AlignmentStage {
    guard level.hasContent else { throw AlignmentError.nothingSeen }
    let begun = try untouched(level)
    var best = begun.count > 1 && begun[1].error < begun[0].error ? begun[1] : begun[0]
    var held: [Double: [Candidate]] = [:]
    func candidates(_ degrees: Double) throws -> [Candidate] {
      if let known = held[degrees] { return known }
      let found = try shifted(level, turn: degrees)
      held[degrees] = found
      return found
    }
    var (turn, curves) = (-(settings.axisRotation ?? 0), [ScoreCurve]())
    if settings.axisRange > 0 {
      let curve = try ScoreCurve(
        "turn of the pages with their shifts / °", from: turn - settings.axisRange,
        to: turn + settings.axisRange, step: 2, fineness: 0.5
      ) { try candidates($0).map(\.error).min() ?? 1 }
      (turn, curves) = (curve.best, [curve])
    }
    let turned = try candidates(turn)
    for candidate in turned where candidate.error < best.error { best = candidate }
    return placed(best, of: begun + turned, curves)
  }

  private func placed(
    _ best: Candidate, of candidates: [Candidate], _ curves: [ScoreCurve] = []
  ) -> AlignmentStage {
    with {
      for candidate in candidates { $0.coarse[candidate.name] = candidate.error }
      $0.curves += curves
      ($0.placements, $0.coarseChoice) = (best.placements, best.name)
    }
  }

  private struct Candidate {
    let name: String
    let placements: [Placement]
    let error: Double
  }

  private func scored(
    _ level: Level, _ name: String, _ placements: [Placement]
  ) throws -> Candidate {
    Candidate(name: name, placements: placements, error: try score(level, placements))
  }

  /// Pages as they were taken and, where that was told, as they were told to lie.
  private func untouched(_ level: Level) throws -> [Candidate] {
    let known = [("as taken", Placement()), ("as told", settings.start)]
    return try known.prefix(settings.start == Placement() ? 1 : 2)
      .map { name, place in try scored(level, name, level.pages.map { _ in place }) }
  }

  /// Pages turned by one angle, moved along the axis by common lines and across it in either way.
  private func shifted(_ level: Level, turn degrees: Double) throws -> [Candidate] {
    let scale = Double(level.factor)
    let first = level.tilts.indices.reduce(0) {
      abs(level.tilts[$1]) < abs(level.tilts[$0]) ? $1 : $0
    }
    let turned = Placement(rotation: degrees * .pi / 180).then(
      Placement(across: settings.start.across))
    let lines = CommonLines(
      level.placed(level.pages.map { _ in turned }), from: first, reach: level.rowCount / 4)
    let upright = lines.shifts.map { turned.then(Placement(along: $0 * scale)) }
    let placed = level.placed(upright)
    let masses = Self.filled(placed.map(centreOfMass))
    let steps = StretchCorrelation(level, placed, reach: max(4, level.columnCount / 4))
    return try [
      scored(
        level, "centre of mass",
        zip(upright, masses).map { $0.then(Placement(across: -$1 * scale)) }),
      scored(level, Self.byCorrelation, steps.moved(upright, scale: scale)),
    ]
  }

  private static let byCorrelation = "cosine-stretched correlation"

  /// Places that are not known lie between their neighbours.
  private static func filled(_ places: [Double?]) -> [Double] {
    let known = places.indices.filter { places[$0] != nil }
    guard !known.isEmpty else { return places.map { _ in 0 } }
    return places.indices.map { k in
      if let place = places[k] { return place }
      let before = known.last { $0 < k }.flatMap { places[$0] }
      let after = known.first { $0 > k }.flatMap { places[$0] }
      return ((before ?? after ?? 0) + (after ?? before ?? 0)) / 2
    }
  }

  /// Shifts by correlation after a cosine stretch alone, at the turn that was told, or none: what a layer shows along the
  /// axis is not the same at every tilt, and its centre of mass says nothing.
  package func placedAsLayer(_ level: Level) throws -> AlignmentStage {
    guard level.hasContent else { throw AlignmentError.nothingSeen }
    let turned = level.pages.map { _ in settings.start }
    let steps = StretchCorrelation(
      level, level.placed(turned), reach: max(4, min(level.columnCount, level.rowCount) / 4))
    let moved = steps.moved(turned, scale: Double(level.factor))
    let untouched = try untouched(level)
    let correlated = try scored(level, Self.byCorrelation, moved)
    // The turn is searched about what was told.
    let told = untouched[untouched.count - 1]
    let best = correlated.error < told.error ? correlated : told
    return placed(best, of: untouched + [correlated])
  }
}

extension StretchCorrelation {
  fileprivate func moved(_ placements: [Placement], scale: Double) -> [Placement] {
    placements.indices.map {
      placements[$0].then(Placement(across: across[$0] * scale, along: along[$0] * scale))
    }
  }
}
