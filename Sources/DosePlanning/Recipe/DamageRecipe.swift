package import SeriesIO
import Fields
import Files
package import Reconstruction
import Records
import StackIO

/// From a series and the order in which it was taken to what the dose did to it.
package struct DamageRecipe: Sendable {
  package let source: SeriesSource
  /// One place a line, or an `.mdoc` with doses or times.
  package let orderPath: String
  /// Electrons on each nm² in the whole series; where it is `nil`, what the files say.
  package var dose: Double?
  /// The value of vacuum, where it is known.
  package var vacuum: Double?
  /// `PREFIX.csv`, `PREFIX.json` and `PREFIX.svg`; nothing is written by default.
  package var prefix: String?
  /// Bytes.
  package var memoryLimit = MemoryPlan.standardLimit
  /// Whether files that voxtilt did not write may be replaced.
  package var overwrites = false
  package var command: [String] = []

  package init(_ source: SeriesSource, order path: String) {
    (self.source, orderPath) = (source, path)
  }

  package func run(_ follower: Follower) throws -> DamageRecord {
    let inputs = [source.path, orderPath] + [source.tiltSource.path].compactMap(\.self)
    let files = try prefix.map { prefix in
      let files = try ResultFiles(
        record: prefix + ".json", inputs: inputs, overwrites: overwrites)
      for ending in [".csv", ".svg"] { try files.claim(prefix + ending) }
      return files
    }
    let orderFile = try Fingerprint(path: orderPath)
    let (order, notes) = try readOrder()
    try checkMemory()
    let store = MemoryStore(
      FloatStorage(zeros: source.shape.slabs.count), source.shape.slabs)
    let input = try source.load(into: store) { page in
      try follower.advance(.reading, page + 1, of: source.shape.tiltCount)
    }
    let known = knownDoses(notes)
    let survey = try DamageSurvey(
      TiltSeries(store.field, shape: source.shape, tilts: source.tilts), order,
      doses: known, vacuum: vacuum)
    let report = survey.run()
    let record = DamageRecord(
      DamageResult(
        total: dose ?? known.map { $0.reduce(0, +) }, dosesAreKnown: known != nil, report: report),
      command: command, inputs: [input] + RecordedFile.each([orderFile] + source.companions),
      warnings: source.warnings + contradictions(notes) + report.notes(vacuum: vacuum),
      keys: [.voxtilt, .processor, .command, .inputs, .notes])
    guard let files, let prefix else { return try record.verified() }
    follower.begin(files)
    try files.add(try record.report.table(total: record.total), at: prefix + ".csv")
    try files.add(record.report.chart(total: record.total), at: prefix + ".svg")
    return try files.finish(record)
  }

  private func readOrder() throws -> (AcquisitionOrder, Mdoc?) {
    let pages = source.shape.tiltCount
    guard orderPath.lowercased().hasSuffix(".mdoc") else {
      return (try AcquisitionOrder(try readNumbers(orderPath), pages: pages), nil)
    }
    let notes = try Mdoc(reading: orderPath)
    guard let places = notes.acquisitionOrder else {
      throw DosePlanningError.noOrder(path: orderPath)
    }
    return (try AcquisitionOrder(places.map(Double.init), pages: pages), notes)
  }

  /// Where the notes of the order tell other angles than those of the series.
  private func contradictions(_ notes: Mdoc?) -> [String] {
    guard let told = try? notes?.tilts(),
      let found = told.difference(from: source.angles.degrees)
    else { return [] }
    return [
      """
      \(told.source) has other angles than the series uses: \(found.own)° and \(found.other)° for page \
      \(found.page). Check that the order belongs to this series.
      """
    ]
  }

  /// Electrons/nm² of every page, as the series or the notes of the order tell them.
  private func knownDoses(_ notes: Mdoc?) -> [Double]? {
    let pages = source.shape.tiltCount
    guard let told = source.dose, told.perTilt.count == pages else {
      guard let doses = notes?.exposureDoses, doses.count == pages else { return nil }
      return doses.map { $0 * 100 }  // from electrons/Å²
    }
    return told.unit == "electrons/nm²" ? told.perTilt : told.perTilt.map { $0 * 100 }
  }
}
