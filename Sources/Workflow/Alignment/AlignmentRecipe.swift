package import Alignment
package import SeriesIO
package import Fields
package import Files
import Foundation
import Preparation
package import Reconstruction
import Records
import StackIO

/// From a series to an aligned one, with the placements of its pages, its angles and its sidecar.
package struct AlignmentRecipe: Sendable {
  /// What places the pages.
  package enum Origin: Sendable {
    case found(SeriesAligner)
    /// A file, pixels of the stack for one of the series that it was made for, and where its axis was told to lie.
    case file(Fingerprint, [Placement], scale: Double, axisOffset: Double?)
  }

  package let source: SeriesSource
  package let target: StackTarget
  package let origin: Origin
  /// Whether pixels are counts; where it is `nil`, what the sidecar of the series says, or else its pixels.
  package var countsElectrons: Bool?
  /// A drawing, or none.
  package var picture: String?
  package var workers = Workers.all
  /// Bytes.
  package var memoryLimit = MemoryPlan.standardLimit
  package var command: [String] = []

  package init(_ source: SeriesSource, to target: StackTarget, _ origin: Origin) {
    (self.source, self.target, self.origin) = (source, target, origin)
  }

  /// What a run left: the sidecar, and the record where an alignment was found.
  package struct Outcome: Sendable {
    package let sidecar: Sidecar
    package let record: AlignmentRecord?
  }

  package func run(_ follower: Follower) throws -> Outcome {
    var isFound = false
    if case .found = origin { isFound = true }
    let files = try target.files(
      against: inputs, beside: [".xf", ".tlt"] + (isFound ? [".align.json"] : []))
    if isFound, let picture { try files.claim(drawing: picture) }
    try checkMemory()
    let clock = ContinuousClock()
    let began = clock.now
    let input = try source.recorded()
    let pages = PreparedPages(
      source, chosen: Array(source.tilts.indices), workers: workers, follower)
    let (known, mismatch) = Sidecar.known(of: input)
    let told = try SeriesCounts(pages, said: countsElectrons, known)
    let (alignment, computed) = try placed(pages, follower, clock)
    let placing = Placing(alignment.placements, pages.upright, told.counting)
    follower.begin(files)
    let (receipt, stack, covered) = try write(pages, alignment.placements, placing.interpolation)
    let record = AlignmentRecord(alignment, source, covered: covered)
    let name = basePath(of: target.path)
    if isFound { try files.add(try record.json(), at: name + ".align.json") }
    try files.add(
      Data(TransformFile(alignment.placements).text(axis: source.axis).utf8), at: name + ".xf")
    try files.add(lines(source.tilts), at: name + ".tlt")
    if isFound, let picture { try files.add(alignment.figure(tilts: source.tilts), at: picture) }
    var sidecar = Sidecar(
      command: command,
      output: RecordedFile(receipt, sha256: try files.add(stack), voxelSize: source.pixelSize),
      geometry: Sidecar.Geometry(
        source.tilts, axis: source.axis.rawValue, axisOffset: 0, flipTilts: source.flipsTilts),
      method: "alignment",
      seconds: Sidecar.Seconds(began, began, computed))
    var applied: Fingerprint?
    if case .file(let file, _, _, _) = origin { applied = file }
    sidecar.contents = .tiltSeries
    sidecar.geometry?.tiltAxisAngle = source.axis == .y ? 0 : 90
    sidecar.inputs = [input] + RecordedFile.each(source.companions + [applied])
    (sidecar.dose, sidecar.noise) = (source.dose, placing.noise(known?.noise))
    sidecar.counts = placing.counting
    sidecar.settings = try settings(record)
    sidecar.settings["interpolation"] = .text(placing.words)
    sidecar.iterations = isFound ? record.rounds.count : nil
    sidecar.warnings =
      source.warnings + [mismatch, told.note, placing.warning].compactMap(\.self)
      + record.warnings + Self.notes(record)
    sidecar = try files.finish(sidecar)
    return Outcome(sidecar: sidecar, record: isFound ? record : nil)
  }

  private var inputs: [String] {
    var files = [source.path] + [source.tiltSource.path].compactMap(\.self)
    if case .file(let file, _, _, _) = origin { files.append(file.path) }
    return files
  }

  private func placed(
    _ pages: PreparedPages, _ follower: Follower, _ clock: ContinuousClock
  ) throws -> (SeriesAlignment, ContinuousClock.Instant) {
    let (rows, columns) = (pages.upright.rowCount, pages.upright.columnCount)
    switch origin {
    case .file(let file, let placements, let scale, let axisOffset):
      guard placements.count == source.tilts.count else {
        throw AlignmentError.pageCount(
          file: file.path, pages: placements.count, stack: source.tilts.count)
      }
      // Where the axis lies elsewhere in this stack than in the series, by their sidecars, pages are cut otherwise.
      let shift = axisOffset.map { $0 * scale - source.axisOffset } ?? 0
      return (
        SeriesAlignment(
          placements: placements.map { Placement(across: shift).then($0.scaled(by: scale)) }),
        clock.now
      )
    case .found(var aligner):
      aligner.workers = workers
      let (axis, factor) = (source.axis, aligner.binning(rows: rows, columns: columns))
      aligner.settings.axisRotation = aligner.settings.axisRotation ?? -source.axisTurn
      // Binning leaves out what fills no square, so that the centre of binned pages lies elsewhere.
      aligner.settings.axisOffset =
        (source.axisOffset + Double(columns % factor) / 2) / Double(factor)
      let small = try pages.map { _, page in page.upright(axis).binned(by: factor) }
      let found = try aligner.align(
        small, tilts: source.tilts, monitor: Monitor(isCancelled: follower.isCancelled))
      return (found.enlarged(by: factor, rows: rows, columns: columns), clock.now)
    }
  }

  private func write(
    _ pages: PreparedPages, _ placements: [Placement], _ interpolation: Interpolation
  ) throws -> (StackReceipt, OutputFile, covered: [Double]) {
    var writer = try StackWriter(
      path: target.path, shape: source.info.shape, pixelSize: source.pixelSize,
      encoding: target.encoding)
    let axis = source.axis
    var covered: [Double] = []
    try pages.pass(
      .writing,
      work: { index, made in
        interpolation.placed(made.page.upright(axis), at: placements[index])
      }
    ) { index, placed in
      let page = placed.page.stored(axis)
      try writer.write(page.pixels.span, page: index)
      covered.append(placed.covered)
    }
    let (receipt, stack) = try writer.seal()
    return (receipt, stack, covered)
  }

  private func settings(_ record: AlignmentRecord) throws -> [String: Setting] {
    switch origin {
    case .file(let file, _, let scale, _):
      return ["apply": .text(file.path), "scale": .number(scale)]
    case .found(let aligner):
      let settings = aligner.settings
      let method = try aligner.method(Folds(source.tilts).split(0, source.tilts).others.count)
      return [
        "method": .text(method.name), "rounds": .count(settings.rounds),
        "startRotation": .number(settings.axisRotation ?? -source.axisTurn),
        "startOffset": .number(source.axisOffset),
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
        ? nil
        : unused.count == 1
          ? "Page \(unused[0]) disagrees with the others and was not used as a reference."
          : "Pages \(numberWords(unused)) disagree with the others and were not used as references.",
      bare.isEmpty
        ? nil
        : "More than a fifth of page\(bare.count == 1 ? "" : "s") \(numberWords(bare)) is outside the raw page.",
    ].compactMap(\.self)
  }
}

extension Image {
  /// The page with its tilt axis along the rows' direction: turned by 90° clockwise where it ran along x.
  func upright(_ axis: TiltAxis) -> Image {
    guard axis == .x else { return self }
    var result = [Float](repeating: 0, count: pixels.count)
    for row in 0..<rowCount {
      for column in 0..<columnCount {
        result[column * rowCount + rowCount - 1 - row] = pixels[row * columnCount + column]
      }
    }
    return Image(result, columnCount: rowCount)
  }

  /// Undoes ``upright(_:)``.
  func stored(_ axis: TiltAxis) -> Image {
    guard axis == .x else { return self }
    var result = [Float](repeating: 0, count: pixels.count)
    for row in 0..<rowCount {
      for column in 0..<columnCount {
        result[(columnCount - 1 - column) * rowCount + row] = pixels[row * columnCount + column]
      }
    }
    return Image(result, columnCount: rowCount)
  }
}
