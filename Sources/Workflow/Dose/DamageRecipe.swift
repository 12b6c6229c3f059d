import DosePlanning
import Fields
import Plots
import Reconstruction
import StackIO

/// From a series and the order in which it was taken to what the dose did to it.
public struct DamageRecipe: Sendable {
  public let source: SeriesSource
  /// One place a line, or an `.mdoc` with doses or times.
  public let orderPath: String
  /// Electrons on each nm² in the whole series; where it is `nil`, what the files say.
  public var dose: Double?
  /// The value of vacuum, where it is known.
  public var vacuum: Double?
  /// `PREFIX.csv`, `PREFIX.json` and `PREFIX.svg`; nothing is written by default.
  public var prefix: String?
  /// Bytes.
  public var memoryLimit = MemoryPlan.standardLimit
  public var command: [String] = []

  public init(_ source: SeriesSource, order path: String) {
    (self.source, orderPath) = (source, path)
  }

  public func run(_ follower: Follower) throws -> DamageRecord {
    let inputs = [source.path, orderPath] + [source.tiltSource.path].compactMap(\.self)
    let files = try prefix.map { try ResultFiles(prefix: $0, inputs: inputs) }
    let (order, notes) = try readOrder()
    try checkMemory()
    let store = MemoryStore(
      FloatStorage(zeros: source.shape.slabs.count), source.shape.slabs)
    try source.load(into: store) { page in
      try follower.advance(.reading, page + 1, of: source.shape.tiltCount)
    }
    let input = try Sidecar.File(
      path: source.path, shape: source.info.shape, voxelSize: source.pixelSize)
    let known = knownDoses(input, notes)
    let survey = try DamageSurvey(
      TiltSeries(store.field, shape: source.shape, tilts: source.tilts), order,
      doses: known, vacuum: vacuum)
    var record = DamageRecord(
      command: command,
      inputs: [input, try Sidecar.File(path: orderPath, shape: nil, voxelSize: nil)]
        + (try Sidecar.File.file(of: source.tiltSource, besides: [source.path, orderPath])),
      total: dose ?? known.map { $0.reduce(0, +) }, dosesAreKnown: known != nil,
      report: survey.run())
    record.notes = source.warnings + DamageRecord.notes(record.report, vacuum: vacuum)
    guard let files else { return record }
    follower.beforeFiles()
    try record.table().write(to: files.path(".csv"))
    try record.chart().write(to: files.path(".svg"))
    try files.write(record, to: ".json")
    return record
  }

  private func readOrder() throws -> (AcquisitionOrder, Mdoc?) {
    let pages = source.shape.tiltCount
    guard orderPath.lowercased().hasSuffix(".mdoc") else {
      return (try AcquisitionOrder(try readNumbers(orderPath), pages: pages), nil)
    }
    let notes = try Mdoc(reading: orderPath)
    guard let places = notes.acquisitionOrder else { throw WorkflowError.noOrder(path: orderPath) }
    return (try AcquisitionOrder(places.map(Double.init), pages: pages), notes)
  }

  /// Electrons/nm² of every page, from the header, the notes or the sidecar.
  private func knownDoses(_ input: Sidecar.File, _ notes: Mdoc?) -> [Double]? {
    let pages = source.shape.tiltCount
    if let doses = source.info.exposureDoses ?? notes?.exposureDoses, doses.count == pages {
      return doses.map { $0 * 100 }  // from electrons/Å²
    }
    guard let told = Sidecar.known(of: input)?.dose, told.perTilt.count == pages else { return nil }
    return told.unit == "electrons/nm²" ? told.perTilt : told.perTilt.map { $0 * 100 }
  }
}
