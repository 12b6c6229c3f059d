import Foundation

extension FusionResult {
  /// Beyond this many pixels a shift is worth a word.
  static let largeShift = 3.0

  /// What to know of shifts: large ones, and those that could not be told.
  var shiftNotes: [String] {
    var notes: [String] = []
    for element in elements {
      let shift = element.shift
      guard shift.vector.squaredLength.squareRoot() > Self.largeShift, shift.source != .given else {
        continue
      }
      notes.append(
        """
        The map of \(element.symbol) is shifted by \(shift.words) px (right, down) against HAADF. The model includes this shift, and \
        pixels beyond HAADF's field are not used. Crop both alike if the shift is not that of the specimen.
        """)
    }
    notes += note(.uncertain) { names, shift in
      """
      The shift of the map of \(names) against HAADF is known to no better than a pixel (\(shift.words) px right, down), \
      so none is used. Give --shift if you know it.
      """
    }
    notes += note(.unrelated) { names, _ in
      """
      Whether the map of \(names) is shifted against HAADF cannot be determined, since they have too little in common: no \
      shift is used. Give --shift if you know it.
      """
    }
    return notes
  }

  private func note(
    _ source: MapShift.Source, _ words: (_ names: String, _ shift: MapShift) -> String
  ) -> [String] {
    let found = elements.filter { $0.shift.source == source }
    guard let first = found.first else { return [] }
    return [words(found.map(\.symbol).joined(separator: ", "), first.shift)]
  }
}

extension MapShift {
  /// `2.31 ± 0.04, −1.42 ± 0.04`: what was measured with its errors, or else what is used.
  package var words: String {
    guard let measured else { return String(format: "%.2f, %.2f", right, down) }
    return String(
      format: "%.2f ± %.2f, %.2f ± %.2f", measured.right, measured.rightError, measured.down,
      measured.downError)
  }
}
