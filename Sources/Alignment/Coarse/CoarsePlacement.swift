import RealModule

extension AlignmentRun {
  /// Chooses the turn of the pages and their shifts together: for every turn, shifts along the axis are those of
  /// common lines, and shifts across it those that predict the pages best. Common lines alone cannot tell the turn,
  /// since turned layers smear into profiles that agree well with each other.
  mutating func placeCoarsely(_ level: Level) throws {
    guard level.hasContent else { throw AlignmentError.nothingSeen }
    let start = settings.start
    let known =
      [("as taken", Placement())] + (start == Placement() ? [] : [("as told", start)])
    let begun = try scored(level, known.map { way in (way.0, level.pages.map { _ in way.1 }) })
    for candidate in begun { result.coarse[candidate.name] = candidate.error }
    var best = begun.count > 1 && begun[1].error < begun[0].error ? begun[1] : begun[0]
    var held: [Double: [Candidate]] = [:]
    func candidates(_ degrees: Double) throws -> [Candidate] {
      if let known = held[degrees] { return known }
      let found = try scored(level, shifted(level, turn: degrees))
      held[degrees] = found
      return found
    }
    var turn = -(settings.axisRotation ?? 0)
    if settings.axisRange > 0 {
      let curve = try ScoreCurve(
        "turn of the pages with their shifts / °", from: turn - settings.axisRange,
        to: turn + settings.axisRange, step: 2, fineness: 0.5
      ) { try candidates($0).map(\.error).min() ?? 1 }
      result.curves.append(curve)
      turn = curve.best
    }
    for candidate in try candidates(turn) {
      result.coarse[candidate.name] = candidate.error
      if candidate.error < best.error { best = candidate }
    }
    (result.placements, result.coarseChoice) = (best.placements, best.name)
  }

  struct Candidate {
    let name: String
    let placements: [Placement]
    let error: Double
  }

  func scored(_ level: Level, _ all: [(name: String, placements: [Placement])]) throws
    -> [Candidate]
  {
    try all.map {
      Candidate(name: $0.name, placements: $0.placements, error: try score(level, $0.placements))
    }
  }

  /// Pages turned by one angle, moved along the axis by common lines and across it in either way.
  func shifted(_ level: Level, turn degrees: Double) -> [(name: String, placements: [Placement])] {
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
    return [
      ("centre of mass", zip(upright, masses).map { $0.then(Placement(across: -$1 * scale)) }),
      (
        "cosine-stretched correlation",
        upright.indices.map {
          upright[$0].then(
            Placement(across: steps.across[$0] * scale, along: steps.along[$0] * scale))
        }
      ),
    ]
  }

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
  mutating func placeLayer(_ level: Level) throws {
    guard level.hasContent else { throw AlignmentError.nothingSeen }
    let (scale, start) = (Double(level.factor), settings.start)
    let turned = level.pages.map { _ in start }
    let steps = StretchCorrelation(
      level, level.placed(turned), reach: max(4, min(level.columnCount, level.rowCount) / 4))
    let moved = turned.indices.map {
      turned[$0].then(Placement(across: steps.across[$0] * scale, along: steps.along[$0] * scale))
    }
    var ways = [("as taken", level.pages.map { _ in Placement() })]
    if start != Placement() { ways.append(("as told", turned)) }
    ways.append(("cosine-stretched correlation", moved))
    var candidates = try scored(level, ways)
    for candidate in candidates { result.coarse[candidate.name] = candidate.error }
    // The turn is searched about what was told.
    if start != Placement() { candidates.removeFirst() }
    candidates.sort { $0.error < $1.error }
    (result.placements, result.coarseChoice) = (candidates[0].placements, candidates[0].name)
  }
}
