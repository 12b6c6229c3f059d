package import SeriesIO
package import Deblurring
package import Fields
import Files
import Foundation
package import Imaging
import Plots
import Preparation
package import Reconstruction
import Records
import StackIO

/// What the command `deblur` does with an image, a stack or a volume: read → deblur → write, with its
/// sidecar.
///
/// The pages of a stack are deblurred one by one with one λ, chosen on the middle page; a volume is
/// deblurred whole, in three dimensions.
package struct ImageDeblurringRecipe: Sendable {
  package let path: String
  package let spread: SpreadSource
  package let method: ImageDeblurring.Method
  package let target: StackTarget
  package var ends = Ends.reflecting
  package var strength = ImageDeblurring.Strength.chosen(nil)
  package var fidelity = ImageDeblurring.Fidelity.gaussian
  package var noise: Double?
  package var vacuum: ImageRegion?
  package var isNonNegative = true
  package var iterationLimit: Int?
  package var tolerance: Double?
  /// `γ` of z-map.
  package var exponent: Float = 1.7
  /// What the image should become, to tell the error and for the oracle.
  package var truth: String?
  /// Whether pages are the planes of a volume.
  package var isVolume = false
  /// nm; overrules the file.
  package var pixelSize: Double?
  package var workers = Workers.all
  /// Bytes.
  package var memoryLimit = MemoryPlan.standardLimit
  package var command: [String] = []

  package init(
    _ path: String, _ spread: SpreadSource, _ method: ImageDeblurring.Method, to target: StackTarget
  ) {
    (self.path, self.spread, self.method, self.target) = (path, spread, method, target)
  }

  /// - Returns: the sidecar, and the root mean square error where the truth is known.
  package func run(_ follower: Follower) throws -> (Sidecar, error: Double?) {
    var parts = method == .wiener ? ["bands"] : []
    if case .chosen = strength { parts.append("lambda") }
    if truth != nil { parts.append("errors") }
    let files = try target.files(
      against: [path] + [truth, spread.path].compactMap(\.self),
      beside: parts.flatMap { [".\($0).csv", ".\($0).svg"] })
    try checkMemory()
    let clock = ContinuousClock()
    let began = clock.now
    let info = try StackReader(path: path).info
    // Of a stack that tells angles the geometry is kept.
    let isSeries = try !isVolume && info.shape.pageCount > 1 && SeriesSource.tellsTilts(path)
    let series = try isSeries ? SeriesSource(path: path, SeriesSource.Options()) : nil
    let pixelSize = pixelSize ?? series?.pixelSize ?? info.pixelSize
    let spreadFile = try spread.path.map { try Fingerprint(path: $0) }
    let (spread, notes) = try spread.spread(pixelSize: pixelSize, isVolume: isVolume)
    var (whole, field, input) = try readPages(path)
    if let series, let fingerprint = input.fingerprint { _ = try series.recorded(fingerprint) }
    var inputs = [input]
    let known = try truth.map { path in
      let (field, file) = try readTruth(path, whole)
      inputs.append(file)
      return field
    }
    inputs += RecordedFile.each([spreadFile])
    let grid =
      isVolume ? whole : Grid(rowCount: whole.rowCount, columnCount: whole.columnCount)

    let computed = clock.now
    let content = try PageContent(field, grid, keepsConstants: ends != .zero)
    let deblurring = recipe(FieldBlur(spread, on: grid, ends: ends, workers: workers))
    var (images, errors) = ([DeblurredImage](), [Double]())
    let pages = content.pageCount
    var settled = deblurring
    for page in content.order {
      let range = page * grid.count..<(page + 1) * grid.count
      if content.silent.contains(page) {
        if let known { errors.append(rootMeanSquare(field.part(range), known.part(range))) }
        continue
      }
      let measured = pages == 1 ? field : field.part(range)
      let part = known.map { pages == 1 ? $0 : $0.part(range) }
      var image = try settled.deblur(
        measured, truth: part, monitor: follower.monitor(sliceCount: pages))
      if let lambda = image.lambda { settled.strength = .lambda(lambda) }
      if let part {
        errors.append(rootMeanSquare(image.field, part))
      }
      if pages == 1 {
        field = image.field
      } else {
        field.replace(from: range.lowerBound, with: image.field, 0..<grid.count)
      }
      image.field = FloatStorage(zeros: 0)
      images.append(image)
    }

    let writing = clock.now
    follower.begin(files)
    let (receipt, stack) = try write(field, whole, pixelSize, info.pageSpacing, follower)
    let first = images[0]
    var sidecar = Sidecar(
      command: command,
      output: RecordedFile(receipt, sha256: try files.add(stack), voxelSize: pixelSize),
      method: method.rawValue,
      seconds: Sidecar.Seconds(began, computed, writing))
    if let series {
      (sidecar.contents, sidecar.dose) = (.tiltSeries, series.dose)
      sidecar.geometry = Sidecar.Geometry(
        series.tilts, axis: series.axis.rawValue, axisOffset: series.axisOffset)
      sidecar.geometry?.tiltAxisAngle = series.axisAngle
      inputs += RecordedFile.each(series.companions)
    }
    sidecar.counts = Sidecar.known(of: input).known?.counts.map {
      $0.isHeld ? .ended(by: "deblur") : $0
    }
    sidecar.inputs = inputs
    sidecar.settings = settings(spread, first)
    if pages > 1 { sidecar.settings["lambdaPage"] = .count(content.order[0]) }
    let squares = errors.reduce(0) { $0 + $1 * $1 }
    let error = errors.isEmpty ? nil : (squares / Double(errors.count)).squareRoot()
    sidecar.settings["rmse"] = error.map(Setting.number)
    sidecar.iterations = images.map(\.iterations).max()
    (sidecar.lambda, sidecar.lambdaChoice) = (first.lambda, first.choice)
    (sidecar.history, sidecar.stopReason) = (first.history, first.stopReason)
    if let noise = first.choice?.noise {
      sidecar.noise = ["sigma": .number(noise)]
      sidecar.noise?["source"] = first.choice?.noiseSource.map { .text($0) }
    }
    let warnings = images.flatMap(\.warnings)
    sidecar.warnings =
      (series?.warnings ?? []) + notes + [content.note].compactMap(\.self)
      + warnings.indices.filter {
        !warnings[..<$0].contains(warnings[$0])
      }.map { warnings[$0] }
    try files.add(first.plots(), beside: basePath(of: target.path))
    return (try files.finish(sidecar), error)
  }

  private func recipe(_ blur: FieldBlur) -> ImageDeblurring {
    var recipe = ImageDeblurring(method, blur)
    (recipe.strength, recipe.fidelity, recipe.noise) = (strength, fidelity, noise)
    recipe.vacuum = vacuum
    (recipe.isNonNegative, recipe.iterationLimit) = (isNonNegative, iterationLimit)
    if let tolerance { recipe.tolerance = tolerance }
    recipe.exponent = exponent
    return recipe
  }

  private func settings(
    _ spread: PointSpread, _ image: DeblurredImage
  ) -> [String: Setting] {
    var settings = image.settings
    settings["ends"] = .text(ends.rawValue)
    settings["dimensions"] = .count(isVolume ? 3 : 2)
    settings["psfSum"] = .number(spread.sum)
    settings["psfCentroid"] = .text(spread.centroid.map { "\(Float($0))" }.joined(separator: " "))
    settings.merge(self.spread.settings) { $1 }
    if case .poisson(let background) = fidelity {
      settings["fidelity"] = .text("poisson")
      settings["background"] = .number(Double(background))
    }
    if [.tv, .l1, .atomicNumber].contains(method) {
      settings["nonNegative"] = .flag(isNonNegative)
    }
    if method == .atomicNumber { settings["gamma"] = .number(Double(exponent)) }
    settings["residual"] = image.residual.map(Setting.number)
    return settings
  }

  private func readTruth(
    _ path: String, _ grid: Grid
  ) throws -> (FloatStorage, RecordedFile) {
    let (found, field, file) = try readPages(path)
    guard found == grid else {
      throw WorkflowError.truthShape(
        path: path, found: Self.words(found), expected: Self.words(grid))
    }
    return (field, file)
  }

  private static func words(_ grid: Grid) -> String {
    "\(grid.columnCount) × \(grid.rowCount) × \(grid.planeCount)"
  }

  private func write(
    _ field: FloatStorage, _ grid: Grid, _ pixelSize: Double?, _ pageSpacing: Double?,
    _ follower: Follower
  ) throws -> (receipt: StackReceipt, file: OutputFile) {
    var writer = try StackWriter(
      path: target.path,
      shape: StackShape(
        pageCount: grid.planeCount, rowCount: grid.rowCount, columnCount: grid.columnCount),
      pixelSize: pixelSize, pageSpacing: pageSpacing, encoding: target.encoding)
    let length = grid.rowCount * grid.columnCount
    for page in 0..<grid.planeCount {
      try writer.write(field.span.extracting(page * length..<(page + 1) * length), page: page)
      try follower.advance(.writing, page + 1, of: grid.planeCount)
    }
    return try writer.seal()
  }
}
