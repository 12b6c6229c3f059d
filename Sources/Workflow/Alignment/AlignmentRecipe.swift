public import Alignment
public import Fields
import Foundation
import Preparation
import Reconstruction
import StackIO

/// From a series to an aligned one, with the placements of its pages, its angles and its sidecar.
public struct AlignmentRecipe: Sendable {
  /// What places the pages.
  public enum Origin: Sendable {
    case found(SeriesAligner)
    /// A file, and pixels of the stack for one of the series that it was made for.
    case file(path: String, [Placement], scale: Double)
  }

  public let source: SeriesSource
  public let target: StackTarget
  public let origin: Origin
  /// A drawing, or none.
  public var picture: String?
  public var workers = Workers.all
  public var command: [String] = []

  public init(_ source: SeriesSource, to target: StackTarget, _ origin: Origin) {
    (self.source, self.target, self.origin) = (source, target, origin)
  }

  /// What a run left: the sidecar, and the record where an alignment was found.
  public struct Outcome: Sendable {
    public let sidecar: Sidecar
    public let record: AlignmentRecord?
  }

  public func run(_ follower: Follower) throws -> Outcome {
    try target.check(against: inputs)
    let companions = ["align.json", "xf", "tlt"].map {
      CompanionFile(beside: target.path, ending: $0)
    }
    for companion in companions { try companion.check(against: inputs) }
    if let picture { try CheckPicture.check(picture, against: inputs) }
    let clock = ContinuousClock()
    let began = clock.now
    let pages = PreparedPages(
      source, chosen: Array(source.tilts.indices), workers: workers, follower)
    let (alignment, computed) = try placed(pages, follower, clock)
    follower.beforeFiles()
    let (receipt, covered) = try write(pages, alignment.placements)
    let record = AlignmentRecord(alignment, source, covered: covered)
    var isFound = false
    if case .found = origin { isFound = true }
    if isFound { try companions[0].write(record.json()) }
    try companions[1].write(
      Data(TransformFile(alignment.placements).text(axis: source.axis).utf8))
    try companions[2].write(source.tilts)
    if isFound, let picture { try AlignmentPicture(record).write(to: picture) }
    var sidecar = Sidecar(
      command: command,
      output: try Sidecar.File(
        path: target.path, shape: receipt.shape, voxelSize: source.pixelSize),
      geometry: Sidecar.Geometry(
        source.tilts, axis: source.axis.rawValue, axisOffset: 0, flipTilts: source.flipsTilts),
      method: "alignment",
      seconds: Sidecar.Seconds(
        read: 0, compute: (computed - began) / .seconds(1),
        write: (clock.now - computed) / .seconds(1)))
    sidecar.inputs =
      [try Sidecar.File(path: source.path, shape: source.info.shape, voxelSize: source.pixelSize)]
      + (try Sidecar.File.file(of: source.tiltSource, besides: [source.path]))
    if case .file(let path, _, _) = origin,
      !sidecar.inputs.contains(where: { canonical($0.path) == canonical(path) })
    {
      sidecar.inputs.append(try Sidecar.File(path: path, shape: nil, voxelSize: nil))
    }
    let known = Sidecar.known(of: sidecar.inputs[0])
    (sidecar.dose, sidecar.noise) = (known?.dose, known?.noise)
    sidecar.settings = try settings(record)
    sidecar.iterations = isFound ? record.rounds.count : nil
    sidecar.warnings = source.warnings + record.warnings + Self.notes(record)
    try sidecar.write()
    return Outcome(sidecar: sidecar, record: isFound ? record : nil)
  }

  private var inputs: [String] {
    var files = [source.path] + [source.tiltSource.path].compactMap(\.self)
    if case .file(let path, _, _) = origin { files.append(path) }
    return files
  }

  private func placed(
    _ pages: PreparedPages, _ follower: Follower, _ clock: ContinuousClock
  ) throws -> (SeriesAlignment, ContinuousClock.Instant) {
    let (rows, columns) =
      source.axis == .y
      ? (pages.size.rowCount, pages.size.columnCount)
      : (pages.size.columnCount, pages.size.rowCount)
    switch origin {
    case .file(let path, let placements, let scale):
      guard placements.count == source.tilts.count else {
        throw AlignmentError.pageCount(
          file: path, pages: placements.count, stack: source.tilts.count)
      }
      return (SeriesAlignment(placements: placements.map { $0.scaled(by: scale) }), clock.now)
    case .found(var aligner):
      aligner.workers = workers
      let (axis, factor) = (source.axis, aligner.binning(rows: rows, columns: columns))
      let small = try pages.map { _, page in page.upright(axis).binned(by: factor) }
      let found = try aligner.align(
        small, tilts: source.tilts, monitor: Monitor(isCancelled: follower.isCancelled))
      return (found.enlarged(by: factor, rows: rows, columns: columns), clock.now)
    }
  }

  private func write(
    _ pages: PreparedPages, _ placements: [Placement]
  ) throws -> (StackReceipt, covered: [Double]) {
    var writer = try StackWriter(
      path: target.path, shape: source.info.shape, pixelSize: source.pixelSize,
      encoding: target.encoding)
    let axis = source.axis
    var covered: [Double] = []
    try pages.pass(
      .writing,
      work: { index, made in SplinePage(made.page.upright(axis)).placed(placements[index]) }
    ) { index, placed in
      let page = placed.page.stored(axis)
      try writer.write(page.pixels.span, page: index)
      covered.append(placed.covered)
    }
    return (try writer.finish(), covered)
  }

  private func settings(_ record: AlignmentRecord) throws -> [String: Setting] {
    switch origin {
    case .file(let path, _, let scale):
      return ["apply": .text(path), "scale": .number(scale)]
    case .found(let aligner):
      let settings = aligner.settings
      let method = try aligner.method(source.tilts.count / 2)
      return [
        "method": .text(method.name), "rounds": .count(settings.rounds),
        "axisRange": .number(settings.axisRange), "offsetRange": .number(settings.offsetRange),
        "turnsPages": .flag(settings.turnsPages),
        "magnifiesPages": .flag(settings.magnifiesPages), "finest": .count(settings.finest),
        "coarse": .text(record.coarseChoice), "axisRotation": .number(record.axisRotation),
        "axisOffset": .number(record.axisOffset),
      ].merging(method.settings.map { ("reconstruction." + $0, $1) }) { $1 }
    }
  }

  private static func notes(_ record: AlignmentRecord) -> [String] {
    let unused = record.pages.filter { !$0.isUsed }.map(\.page)
    let bare = record.pages.filter { $0.covered < 0.8 }.map(\.page)
    return [
      unused.isEmpty
        ? nil : "Pages \(numberWords(unused)) disagree with all others and guided none of them.",
      bare.isEmpty
        ? nil : "More than a fifth of pages \(numberWords(bare)) lies outside the raw page.",
    ].compactMap(\.self)
  }
}

extension TiltPage {
  /// The page with its tilt axis along the rows' direction: turned by 90° clockwise where it ran along x.
  func upright(_ axis: TiltAxis) -> TiltPage {
    guard axis == .x else { return self }
    var result = [Float](repeating: 0, count: pixels.count)
    for row in 0..<rowCount {
      for column in 0..<columnCount {
        result[column * rowCount + rowCount - 1 - row] = pixels[row * columnCount + column]
      }
    }
    return TiltPage(result, columnCount: rowCount)
  }

  /// Undoes ``upright(_:)``.
  func stored(_ axis: TiltAxis) -> TiltPage {
    guard axis == .x else { return self }
    var result = [Float](repeating: 0, count: pixels.count)
    for row in 0..<rowCount {
      for column in 0..<columnCount {
        result[(columnCount - 1 - column) * rowCount + row] = pixels[row * columnCount + column]
      }
    }
    return TiltPage(result, columnCount: rowCount)
  }
}
