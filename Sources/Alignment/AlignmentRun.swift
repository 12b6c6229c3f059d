import Fields
import Preparation
import RealModule
import Reconstruction

/// An alignment in the making.
struct AlignmentRun {
  private let aligner: SeriesAligner
  private let monitor: Monitor
  private let coarse: Level
  private var result: SeriesAlignment

  init(_ aligner: SeriesAligner, _ coarse: Level, _ monitor: Monitor) {
    (self.aligner, self.coarse, self.monitor) = (aligner, coarse, monitor)
    result = SeriesAlignment(placements: coarse.pages.map { _ in Placement() })
  }

  private var settings: AlignmentSettings { aligner.settings }

  /// The held-out error of placements.
  private func score(_ level: Level, _ placements: [Placement]) throws -> Double {
    let prediction = try Prediction(
      level, level.placed(placements), by: aligner.method, used: result.isUsed, monitor: monitor)
    return heldOutError(prediction.fits(level), used: result.isUsed)
  }

  // MARK: - Coarse

  /// Chooses the turn of the pages and their shifts together: for every turn, shifts along the axis are those of
  /// common lines, and shifts across it those that predict the pages best. Common lines alone cannot tell the turn,
  /// since turned layers smear into profiles that agree well with each other.
  mutating func placeCoarsely() throws {
    guard coarse.hasContent else { throw AlignmentError.nothingSeen }
    let start = settings.start
    let known =
      [("as taken", Placement())] + (start == Placement() ? [] : [("as told", start)])
    let begun = try scored(known.map { way in (way.0, coarse.pages.map { _ in way.1 }) })
    for candidate in begun { result.coarse[candidate.name] = candidate.error }
    var best = begun.count > 1 && begun[1].error < begun[0].error ? begun[1] : begun[0]
    var held: [Double: [Candidate]] = [:]
    func candidates(_ degrees: Double) throws -> [Candidate] {
      if let known = held[degrees] { return known }
      let found = try scored(shifted(turn: degrees))
      held[degrees] = found
      return found
    }
    var turn = -(settings.axisRotation ?? 0)
    if settings.axisRange > 0 {
      let curve = try ScoreCurve(
        "turn of the pages with their shifts / °", from: turn - settings.axisRange,
        to: turn + settings.axisRange, step: 2, fineness: 0.5
      ) { try candidates($0).map(\.error).min() ?? 1 }
      accept(curve, isWide: true, "--axis-range")
      turn = curve.best
    }
    for candidate in try candidates(turn) {
      result.coarse[candidate.name] = candidate.error
      if candidate.error < best.error { best = candidate }
    }
    (result.placements, result.coarseChoice) = (best.placements, best.name)
  }

  private struct Candidate {
    let name: String
    let placements: [Placement]
    let error: Double
  }

  private func scored(_ all: [(name: String, placements: [Placement])]) throws -> [Candidate] {
    try all.map {
      Candidate(name: $0.name, placements: $0.placements, error: try score(coarse, $0.placements))
    }
  }

  /// Pages turned by one angle, moved along the axis by common lines and across it in either way.
  private func shifted(turn degrees: Double) -> [(name: String, placements: [Placement])] {
    let (level, scale) = (coarse, Double(coarse.factor))
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

  // MARK: - The axis

  /// Searches the offset of the axis and its angle, the others held.
  mutating func searchAxis(_ level: Level, wide: Bool) throws {
    let scale = Double(level.factor)
    let offsets = wide ? settings.offsetRange : min(settings.offsetRange, 1.5 * scale)
    let turns = min(settings.axisRange, wide ? 2 : 0.6)
    for pass in 0..<(wide ? 2 : 1) {
      let shrink = pass == 0 ? 1.0 : 0.25
      let start = result.placements
      if offsets > 0 {
        let range = offsets * shrink
        let curve = try ScoreCurve(
          "offset of the axis / pixels", from: -range, to: range, step: range / (wide ? 4 : 2),
          fineness: wide ? 0.25 * scale : range / 2
        ) { offset in
          try score(level, start.map { $0.then(Placement(across: offset)) })
        }
        accept(curve, isWide: wide && pass == 0, "--offset-range")
        result.placements = start.map { $0.then(Placement(across: curve.best)) }
      }
      if turns > 0 {
        let (range, start) = (turns * shrink, result.placements)
        let curve = try ScoreCurve(
          "turn of the pages / °", from: -range, to: range, step: range / (wide ? 4 : 2),
          fineness: range / (wide ? 8 : 2)
        ) { degrees in
          try score(level, start.map { $0.then(Placement(rotation: degrees * .pi / 180)) })
        }
        accept(curve, isWide: false, "--axis-range")
        result.placements = start.map {
          $0.then(Placement(rotation: curve.best * .pi / 180))
        }
      }
    }
  }

  private mutating func accept(_ curve: ScoreCurve, isWide: Bool, _ option: String) {
    result.curves.append(curve)
    if isWide && curve.isAtEdge {
      result.warnings.append(
        "The best \(curve.name) lies at the edge of what was searched: widen \(option).")
    }
  }

  // MARK: - Projection matching

  mutating func match(_ level: Level) throws {
    let scale = Double(level.factor)
    let start = result.placements
    var best = (error: Double.infinity, placements: start)
    var quiet = 0
    for round in 0...settings.rounds {
      guard !monitor.isCancelled() else { throw ReconstructionError.interrupted }
      let prediction = try Prediction(
        level, level.placed(result.placements), by: aligner.method, used: result.isUsed,
        monitor: .silent)
      let fits = prediction.fits(
        level, turns: settings.turnsPages, magnifies: settings.magnifiesPages)
      let error = heldOutError(fits, used: result.isUsed)
      quiet = error < 0.999 * best.error ? 0 : quiet + 1
      if error < best.error { best = (error, result.placements) }
      result.correlations = fits.map(\.correlation)
      guard round < settings.rounds, quiet < 2 else { break }
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
  private mutating func reject(_ fits: [PictureFit]) {
    let all = fits.map(\.correlation)
    let middle = median(all)
    let spread = 1.4826 * median(all.map { abs($0 - middle) })
    result.isUsed = all.map { $0 > middle - max(6 * spread, 0.15) }
  }

  /// Moves every page half of the way to its prediction, and takes off what moves the object as a whole.
  ///
  /// Either half of the tilts moves to where the other is: by the whole way, a distance between them would
  /// come back with the opposite sign for ever.
  private mutating func move(
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

  var finished: SeriesAlignment { result }
}

/// The least-squares a, b of `values ≈ a x + b y`.
func fit(_ values: [Double], _ x: [Double], _ y: [Double]) -> (Double, Double) {
  var (xx, yy, xy, vx, vy) = (0.0, 0.0, 0.0, 0.0, 0.0)
  for i in values.indices {
    (xx, yy, xy) = (xx + x[i] * x[i], yy + y[i] * y[i], xy + x[i] * y[i])
    (vx, vy) = (vx + values[i] * x[i], vy + values[i] * y[i])
  }
  let determinant = xx * yy - xy * xy
  guard determinant > 1e-12 * max(xx * yy, .leastNormalMagnitude) else {
    return xx > 0 ? (vx / xx, 0) : (0, 0)
  }
  return ((vx * yy - vy * xy) / determinant, (vy * xx - vx * xy) / determinant)
}

/// The middle of the sorted values; 0 of none.
func median(_ values: [Double]) -> Double {
  guard !values.isEmpty else { return 0 }
  let sorted = values.sorted()
  let half = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[half] : 0.5 * (sorted[half - 1] + sorted[half])
}
