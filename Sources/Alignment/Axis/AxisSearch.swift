extension AlignmentStage {
  /// With the offset of the axis and its angle, each searched with the other held.
  package func withAxis(_ level: Level, isWide: Bool) throws -> AlignmentStage {
    let scale = Double(level.factor)
    let offsets = isWide ? settings.offsetRange : min(settings.offsetRange, 1.5 * scale)
    let turns = min(settings.axisRange, isWide ? 2 : 0.6)
    var stage = self
    for shrink in isWide ? [1, 0.25] : [1.0] {
      if offsets > 0 {
        let range = offsets * shrink
        stage = try stage.moved(
          level, "offset of the axis / pixels", range: range, step: range / (isWide ? 4 : 2),
          fineness: isWide ? 0.25 * scale : range / 2, isWarned: isWide && shrink == 1
        ) { Placement(across: $0) }
      }
      if turns > 0 {
        let range = turns * shrink
        stage = try stage.moved(
          level, "turn of the pages / °", range: range, step: range / (isWide ? 4 : 2),
          fineness: range / (isWide ? 8 : 2)
        ) { Placement(rotation: $0 * .pi / 180) }
      }
    }
    return stage
  }

  /// All pages moved alike, by as much as predicts them best.
  private func moved(
    _ level: Level, _ name: String, range: Double, step: Double, fineness: Double,
    isWarned: Bool = false, _ move: (Double) -> Placement
  ) throws -> AlignmentStage {
    func placements(_ value: Double) -> [Placement] {
      found.placements.map { $0.then(move(value)) }
    }
    let curve = try ScoreCurve(name, from: -range, to: range, step: step, fineness: fineness) {
      try score(level, placements($0))
    }
    return with {
      $0.curves.append(curve)
      $0.placements = placements(curve.best)
      if isWarned && curve.isAtEdge {
        $0.warnings.append(
          "The best \(curve.name) is at the edge of the search range. Widen --offset-range.")
      }
    }
  }
}
