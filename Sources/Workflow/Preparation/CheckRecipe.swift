package import SeriesIO
package import Fields
import Foundation
import Preparation
import Projection
package import Reconstruction
import Records
import StackIO

/// From a series on disk to what is wrong with it.
package struct CheckRecipe: Sendable {
  package let source: SeriesSource
  package var workers = Workers.all
  /// A page for people, SVG; nothing is written by default.
  package var picture: String?
  /// Bytes.
  package var memoryLimit = MemoryPlan.standardLimit
  /// Whether a picture that voxtilt did not draw may be replaced.
  package var overwrites = false
  package var command: [String] = []

  package init(_ source: SeriesSource) { self.source = source }

  package func run(_ follower: Follower) throws -> CheckRecord {
    let files = try ResultFiles(record: nil, inputs: inputs, overwrites: overwrites)
    if let picture { try files.claim(drawing: picture) }
    try checkMemory()
    let began = ContinuousClock.now
    let shape = source.info.shape
    var surveys: [PageSurvey] = []
    let fingerprint = try PagePasses(path: source.path, stamp: source.stamp, workers: workers).run(
      Array(0..<shape.pageCount), { PageSurvey($1) },
      { page, survey in
        surveys.append(survey)
        try follower.advance(.reading, page + 1, of: shape.pageCount)
      })
    let check = SeriesCheck(
      surveys, context(), pixelCount: shape.pixelsPerPage, workers: workers)
    let result = CheckResult(check, of: source)
    // Findings tell of angles what notes would say again.
    let told = source.angles.notes.map { "\($0)" }
    let record = CheckRecord(
      result, command: command,
      inputs: [try source.recorded(fingerprint)] + RecordedFile.each(source.companions),
      seconds: (ContinuousClock.now - began) / .seconds(1),
      warnings: source.warnings.filter { !told.contains($0) },
      keys: [.voxtilt, .command, .inputs, .seconds, .warnings], lasting: result.lastingWarnings)
    if let picture {
      follower.begin(files)
      let flat = source.tilts.indices.min { abs(source.tilts[$0]) < abs(source.tilts[$1]) } ?? 0
      let pages = [0, flat, shape.pageCount - 1].reduce(into: [Int]()) {
        if !$0.contains($1) { $0.append($1) }
      }
      let figure = check.figure(
        of: (source.path as NSString).lastPathComponent, tilts: source.tilts,
        pixelCount: shape.pixelsPerPage, try pages.map { ($0, try page($0).thumbnail) })
      try files.add(figure, at: picture)
    }
    return try files.finish(record)
  }

  /// A page, with 0 where it is not finite.
  private func page(_ index: Int) throws -> Image {
    var reader = try StackReader(path: source.path)
    try requireSame(reader.stamp, source.stamp, source.path)
    let shape = source.info.shape
    var pixels = [Float](repeating: 0, count: shape.pixelsPerPage)
    var span = pixels.mutableSpan
    try reader.readPage(index, into: &span)
    return Image(pixels.map { $0.isFinite ? $0 : 0 }, columnCount: shape.columnCount)
  }

  private var inputs: [String] { [source.path] + [source.tiltSource.path].compactMap(\.self) }

  /// Angles that were given are compared with those that the stack, or a file of its name, tells.
  private func context() -> SeriesContext {
    var context = SeriesContext(tilts: source.tilts, axis: source.axis)
    context.pixelSize = source.pixelSize
    if source.pixelSize == source.info.pixelSize { context.rowSpacing = source.info.rowSpacing }
    context.isRecorded = !source.flipsTilts && source.info.tilts?.source == source.tiltSource
    guard !source.flipsTilts else { return context }
    if let told = source.info.tilts, told.source != source.tiltSource {
      (context.recordedTilts, context.recordedIn) = (told.degrees, Self.words(told.source))
    } else if source.info.tilts == nil {
      let base = (source.path as NSString).deletingPathExtension
      let path = base + ".tlt"
      guard source.tiltSource.path.map({ canonical($0) != canonical(path) }) ?? true,
        let told = try? TiltAngles(reading: path), told.degrees.count == source.tilts.count
      else { return context }
      (context.recordedTilts, context.recordedIn) = (told.degrees, "'\(path)'")
    }
    return context
  }

  private static func words(_ source: TiltSource) -> String {
    if case .header(let path) = source { "the header of '\(path)'" } else { "\(source)" }
  }
}
