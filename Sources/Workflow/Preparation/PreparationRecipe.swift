package import SeriesIO
package import Fields
package import Files
import Foundation
package import Preparation
package import Reconstruction
import Records
import StackIO

/// From a raw series to one that can be reconstructed, page by page, with its sidecar.
package struct PreparationRecipe: Sendable {
  package let source: SeriesSource
  package let target: StackTarget
  /// In the order in which they are done. Counts are summed by binning while they are counts.
  package var steps: [PlannedStep] = []
  /// Pages that are left out, from 1.
  package var excluded: [Int] = []
  /// Whether pixels are counts; where it is `nil`, what the sidecar of the series says, or else its pixels.
  package var countsElectrons: Bool?
  /// How far each page of the raw series is to be trusted; `nil` leaves it to a logarithm, as of counts.
  package var weights: [Double]?
  /// The files of a flat and a dark field, for a step of that kind.
  package var fields: FieldFiles?
  /// Further files that options were read from.
  package var companions: [Fingerprint] = []
  package var workers = Workers.all
  /// Bytes.
  package var memoryLimit = MemoryPlan.standardLimit
  package var command: [String] = []

  package init(_ source: SeriesSource, to target: StackTarget) {
    (self.source, self.target) = (source, target)
  }

  package func run(_ follower: Follower) throws -> Sidecar {
    let files = try target.files(
      against: [source.path] + [source.tiltSource.path].compactMap(\.self)
        + companions.map(\.path) + (fields?.all.map(\.path) ?? []),
      beside: [".rawtlt"] + (tellsWeights ? [".weights.txt"] : []))
    let chosen = try chosenPages()
    let (clock, input) = (ContinuousClock(), try source.recorded())
    try checkMemory()
    let began = clock.now
    let (known, mismatch) = Sidecar.known(of: input)
    var pages = PreparedPages(source, chosen: chosen, workers: workers, follower)
    let told = try SeriesCounts(pages, said: countsElectrons, known)
    var (counting, factor) = (told.counting, 1)
    var fieldFiles: [Fingerprint] = []
    var logarithms: [CountLogarithm] = []
    for (i, planned) in steps.enumerated() {
      var planned = planned
      if case .bin(let n, _) = planned {
        (planned, factor) = (.bin(n, sums: counting?.isHeld ?? false), factor * n)
      }
      if case .fieldCorrection = planned, let fields {
        guard steps[..<i].allSatisfy(\.keepsDetector) else { throw PreparationError.fieldTooLate }
        (planned, fieldFiles) = try fields.step()
      }
      var step = try planned.step(for: pages, axis: source.axis)
      if counting?.isHeld == true, let logarithm = step as? BeerLambert {
        (step, logarithms) = (logarithm.ofCounts, logarithm.counts)
      }
      try pages.append(step)
      counting = counting?.after(step)
    }
    let weights =
      try weights.map {
        try PageWeights($0, of: source.tilts.count, chosen: chosen, steps: pages.steps)
      } ?? PageWeights(counts: pages.steps)
    let learned = clock.now
    let pixelSize = source.pixelSize.map { $0 * Double(factor) }
    follower.begin(files)
    let (receipt, stack, accounts) = try write(pages, pixelSize: pixelSize)
    let name = basePath(of: target.path)
    try files.add(lines(chosen.map { source.tilts[$0] }), at: name + ".rawtlt")
    if let weights { try files.add(lines(weights.values), at: name + ".weights.txt") }
    var sidecar = Sidecar(
      command: command,
      output: RecordedFile(receipt, sha256: try files.add(stack), voxelSize: pixelSize),
      geometry: Sidecar.Geometry(
        pages.tilts, axis: source.axis.rawValue, axisOffset: pages.axisOffset,
        flipTilts: source.flipsTilts),
      method: "preparation",
      seconds: Sidecar.Seconds(began, learned, learned))
    sidecar.contents = .tiltSeries
    sidecar.geometry?.tiltAxisAngle = source.axisAngle
    sidecar.inputs = [input] + RecordedFile.each(source.companions + companions + fieldFiles)
    if let dose = source.dose, dose.perTilt.count == source.tilts.count {
      sidecar.dose = Sidecar.Dose(perTilt: chosen.map { dose.perTilt[$0] }, unit: dose.unit)
    }
    sidecar.settings = ["pages": .text(numberWords(chosen.map { $0 + 1 }))]
    sidecar.counts = counting
    let bias = BiasOfLogarithm(logarithms)
    sidecar.settings.merge(bias?.settings ?? [:]) { $1 }
    if let weights {
      sidecar.settings["weights"] = .text(weights.values.map { "\($0)" }.joined(separator: " "))
    }
    sidecar.steps = pages.steps.indices.map { i in
      Sidecar.Step(pages.steps[i], accounts.map { $0[i] })
    }
    sidecar.warnings =
      source.warnings + [mismatch, told.note, bias?.warning].compactMap(\.self)
      + Self.notes(sidecar.steps ?? [])
      + pages.steps.indices.flatMap { levelWarnings(pages, step: $0, accounts) }
    return try files.finish(sidecar)
  }

  private var tellsWeights: Bool {
    weights != nil || steps.contains { if case .beerLambert = $0 { true } else { false } }
  }

  private func chosenPages() throws(PreparationError) -> [Int] {
    let count = source.info.shape.pageCount
    for page in excluded where !(1...count ~= page) {
      throw .noSuchPage(page: page, pages: count)
    }
    let left = (0..<count).filter { !excluded.contains($0 + 1) }
    guard !left.isEmpty else { throw .nothingLeft(pages: count) }
    return left
  }

  private func write(
    _ pages: PreparedPages, pixelSize: Double?
  ) throws -> (StackReceipt, OutputFile, [[PreparedPage.Account]]) {
    var writer = try StackWriter(
      path: target.path,
      shape: StackShape(
        pageCount: pages.chosen.count, rowCount: pages.size.rowCount,
        columnCount: pages.size.columnCount),
      pixelSize: pixelSize, encoding: target.encoding)
    var accounts: [[PreparedPage.Account]] = []
    try pages.pass(.writing, work: { $1 }) { index, made in
      try writer.write(made.page.pixels.span, page: index)
      accounts.append(made.accounts)
    }
    let (receipt, stack) = try writer.seal()
    return (receipt, stack, accounts)
  }

  /// What is to be known of the levels that a step took for vacuum, unless a check has said it.
  private func levelWarnings(
    _ pages: PreparedPages, step: Int, _ accounts: [[PreparedPage.Account]]
  ) -> [String] {
    let (background, logarithm) = (
      pages.steps[step] as? Background, pages.steps[step] as? BeerLambert
    )
    if background?.level == .slab || logarithm?.intensity == .slab {
      return [Sidecar.slabWords]
    }
    guard source.check?.warnsOfVacuum != true else { return [] }
    return VacuumSurvey.warnings(
      accounts.map { $0[step] }, numbers: pages.numbers, degrees: pages.tilts,
      isBrightField: logarithm != nil)
  }

  private static func notes(_ steps: [Sidecar.Step]) -> [String] {
    steps.compactMap { step in
      let total = step.touched?.reduce(0, +) ?? 0
      guard let touched = step.touched, total > 0 else { return nil }
      return "\(step.name): \(total) pixels, at most \(touched.max() ?? 0) on a page."
    }
  }
}

/// One number per line.
func lines(_ numbers: [Double]) -> Data { Data(numbers.map { "\($0)\n" }.joined().utf8) }

/// `1-20,22-77`: ascending numbers, runs of them shortened.
func numberWords(_ numbers: [Int]) -> String {
  var runs: [ClosedRange<Int>] = []
  for number in numbers {
    if let last = runs.last, last.upperBound + 1 == number {
      runs[runs.count - 1] = last.lowerBound...number
    } else {
      runs.append(number...number)
    }
  }
  return runs.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
    .joined(separator: ",")
}
