extension AlignmentRun {
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
        result.curves.append(curve)
        if wide && pass == 0 && curve.isAtEdge {
          result.warnings.append(
            "The best \(curve.name) is at the edge of the search range. Widen --offset-range.")
        }
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
        result.curves.append(curve)
        result.placements = start.map {
          $0.then(Placement(rotation: curve.best * .pi / 180))
        }
      }
    }
  }
}
