extension AlignmentRun {
  /// The thickness of the box that predicts the pages best, from thin ones on until two more predict them worse.
  mutating func chooseThickness(_ level: Level) throws {
    var best = (error: Double.infinity, specimen: specimen)
    var worse = 0
    for thickness in Specimen.thicknesses where worse < 2 {
      specimen = Specimen(.beyond(thickness: thickness))
      let error = try score(level, result.placements)
      worse = error < best.error ? 0 : worse + 1
      if error < best.error { best = (error, specimen) }
    }
    specimen = best.specimen
  }
}
