/// What the chemical detector catches at each tilt, over its mean: holder and specimen shadow it by an unknown part.
package struct TiltYields: Sendable, Codable, Hashable {
  /// Whether the counts of each tilt may differ by a factor.
  package enum Choice: String, Sendable, Codable, CaseIterable {
    /// Where they differ by more than noise, and HAADF says that the whole object stays in the field.
    case automatic = "auto"
    case free
    case equal
  }

  /// Of each page, with a mean of 1, and standard errors from the counts.
  package let values: [Double]
  package let errors: [Double]
  /// How far the counts of all pages depart from equal yields, in standard deviations of χ² over the pages.
  package let departure: Double
  /// Whether the fit uses them; with `false` all are 1 in the fit.
  package let isUsed: Bool
  /// Whether the HAADF of whole pages changes with the tilt by more than 3 %, so that matter enters and leaves the field.
  package let fieldIsLeft: Bool

  /// Beyond this many standard deviations yields are no chance.
  static let limit = 5.0
}

extension FusionResult {
  /// What to know of yields: each note once, since maps of the same tilts share theirs.
  var yieldNotes: [String] {
    var notes: [String] = []
    for yields in elements.compactMap(\.yields) where yields.departure > TiltYields.limit {
      let least = yields.values.min() ?? 1
      let most = yields.values.max() ?? 1
      func words(_ value: Double) -> String { "\((100 * value).rounded() / 100)" }
      let note =
        yields.isUsed
        ? """
        The counts of the maps vary from \(words(least)) to \(words(most)) of their mean from tilt to tilt: a factor for each tilt is \
        fitted, shared by all maps of the same tilts (--tilt-yields equal turns it off).
        """
        : """
        The counts of maps change with the tilt by more than noise (\(words(least)) to \(words(most)) of their mean), \
        and so does HAADF, as for an object that leaves the field: yields of the detector cannot be distinguished from that. \
        --tilt-yields free fits a factor for each tilt anyway.
        """
      if !notes.contains(note) { notes.append(note) }
    }
    return notes
  }
}
