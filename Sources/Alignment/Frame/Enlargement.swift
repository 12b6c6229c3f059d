extension SeriesAlignment {
  /// The same for the pages that binned ones were made of.
  ///
  /// Binning leaves out what does not fill a square, so that the centre of a raw page lies beyond that of a binned one by half
  /// of what is left over, o. With M = m R(ρ), in raw pixels,
  ///
  ///     aligned − c = M (raw − c + o) + t
  ///
  /// - Parameters:
  ///   - factor: raw pixels along a side of a binned one.
  ///   - rows: of a raw page, along the axis.
  ///   - columns: of a raw page, across it.
  package func enlarged(by factor: Int, rows: Int, columns: Int) -> SeriesAlignment {
    guard factor > 1 else { return self }
    var result = self
    let over = Placement(
      across: Double(columns % factor) / 2, along: Double(rows % factor) / 2)
    result.placements = placements.map { over.then($0.scaled(by: Double(factor))) }
    result.rounds = rounds.map {
      Round(
        binning: $0.binning * factor, heldOutError: $0.heldOutError,
        movedAcross: $0.movedAcross * Double(factor), movedAlong: $0.movedAlong * Double(factor))
    }
    return result
  }
}
