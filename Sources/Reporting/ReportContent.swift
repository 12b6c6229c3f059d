/// Everything that a report page says, as plain values.
package struct ReportContent: Sendable {
  /// For instance the name of the volume's file.
  package var title: String
  /// One line below it: how large the volume is, and what it was made from.
  package var summary: String
  /// What every published tomogram must state, in the order of ``KeyFacts``.
  package var keyFacts: KeyFacts
  /// What a reader of the result should know first, in plain words.
  package var warnings: [String]
  /// The voxels that the page shows.
  package var volume: VolumeView
  /// In the order in which they follow the volume. Those that were not measured come last, together.
  package var sections: [ReportSection]
  /// How the result was made: the last part of the page.
  package var provenance: ReportSection
  /// The lowest and the highest tilt in degrees, where they are known.
  package var tiltRange: ClosedRange<Double>?
  /// What wrote the page, for instance "voxtilt 0.1.0".
  package var generator: String

  package init(
    title: String, summary: String, keyFacts: KeyFacts, volume: VolumeView,
    provenance: ReportSection, generator: String
  ) {
    (self.title, self.summary, self.keyFacts) = (title, summary, keyFacts)
    (self.volume, self.provenance, self.generator) = (volume, provenance, generator)
    (warnings, sections, tiltRange) = ([], [], nil)
  }
}

/// A fact with its name; without a value the page says *missing*.
package struct ReportFact: Sendable, Hashable {
  package var name: String
  package var value: String?
  /// What explains it, or how to supply it where it is missing.
  package var note: String?

  package init(_ name: String, _ value: String?, note: String? = nil) {
    (self.name, self.value, self.note) = (name, value, note)
  }
}

/// The five facts that every published tomogram must state.
package struct KeyFacts: Sendable, Hashable {
  /// A value, or what it takes to supply one.
  package struct Entry: Sendable, Hashable {
    package var value: String?
    package var note: String?

    package init(_ value: String?, note: String? = nil) { (self.value, self.note) = (value, note) }
  }

  package var tiltRange: Entry
  package var tiltStep: Entry
  /// With its iterations.
  package var algorithm: Entry
  /// The strength of the prior, and how it was chosen.
  package var lambda: Entry
  package var totalDose: Entry

  package init(
    tiltRange: Entry, tiltStep: Entry, algorithm: Entry, lambda: Entry, totalDose: Entry
  ) {
    (self.tiltRange, self.tiltStep, self.algorithm) = (tiltRange, tiltStep, algorithm)
    (self.lambda, self.totalDose) = (lambda, totalDose)
  }

  /// In the order of the page.
  var facts: [ReportFact] {
    [
      ("Tilt range", tiltRange), ("Tilt step", tiltStep), ("Algorithm", algorithm), ("λ", lambda),
      ("Total dose", totalDose),
    ].map { ReportFact($0, $1.value, note: $1.note) }
  }
}
