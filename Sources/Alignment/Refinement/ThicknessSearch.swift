extension AlignmentStage {
  /// With the thickness of the box that predicts the pages best, from thin ones on until two more predict them worse.
  package func withThickness(_ level: Level) throws -> AlignmentStage {
    let level = covered(level)
    var best = (error: Double.infinity, stage: self)
    var worse = 0
    for thickness in Specimen.thicknesses where worse < 2 {
      let stage = with(Specimen(.beyond(thickness: thickness)))
      let error = try stage.score(level, found.placements)
      worse = error < best.error ? 0 : worse + 1
      if error < best.error { best = (error, stage) }
    }
    return best.stage
  }
}
