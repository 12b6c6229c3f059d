import SeriesIO
import Fields
import Files
import Foundation
import MissingWedge
import Plots
import Preparation
import Quality
package import Reconstruction
package import Records
import Reporting
import StackIO

/// From a volume and its sidecar to a page that shows both.
package struct ReportRecipe: Sendable {
  package let volume: String
  package let page: String
  /// Bytes.
  package var memoryLimit = MemoryPlan.standardLimit
  /// Why quality was not measured, where that was tried.
  package var unmeasured: String?
  /// Whether a page that voxtilt did not write may be replaced.
  package var overwrites = false

  /// What was written.
  package struct Receipt: Sendable, Encodable {
    package let output: String
    package let volume: String
    package let byteCount: Int
    /// Voxels of the file along the edge of a shown one.
    package let binning: Int
    package let warnings: [String]
  }

  /// - Parameter page: `NAME.html` beside `NAME.tif` where it is `nil`.
  package init(_ volume: String, to page: String? = nil) {
    self.volume = volume
    self.page = page ?? Self.page(beside: volume)
  }

  /// `NAME.html` beside `NAME.tif`.
  package static func page(beside volume: String) -> String {
    String(sidecarPath(of: volume).dropLast(".json".count)) + ".html"
  }

  /// The door for a page; refuses one that cannot be created, is one of `inputs`, or would replace what is no
  /// report.
  package static func files(
    _ page: String, against inputs: [String], overwrites: Bool
  ) throws -> ResultFiles {
    let files = try ResultFiles(record: nil, inputs: inputs, overwrites: overwrites)
    try files.claim(page)
    return files
  }

  /// Refuses what would fail after quality was measured.
  package func check() throws {
    _ = try StackReader(path: volume)
    _ = try files(try readSidecar())
    try checkMemory()
  }

  private func readSidecar() throws -> SidecarView {
    let path = sidecarPath(of: volume)
    guard FileManager.default.fileExists(atPath: path) else {
      throw WorkflowError.noSidecar(stack: volume, sidecar: path)
    }
    let sidecar = try SidecarView(reading: path)
    guard sidecar.command.first != "simulate" else {
      throw WorkflowError.notAVolume(path: volume)
    }
    return sidecar
  }

  private func files(_ sidecar: SidecarView) throws -> ResultFiles {
    try Self.files(
      page, against: [volume, sidecarPath(of: volume)] + sidecar.inputPaths, overwrites: overwrites)
  }

  /// Reads volume and sidecar and writes the page, which appears when it is whole.
  package func run(_ follower: Follower) throws -> Receipt {
    var reader = try StackReader(path: volume)
    let sidecar = try readSidecar()
    let files = try files(sidecar)
    follower.begin(files)
    let view = try view(&reader, sidecar, follower)
    let info = reader.info
    var content = ReportContent(
      title: (volume as NSString).lastPathComponent, summary: summary(of: info, sidecar),
      keyFacts: KeyFacts(sidecar, methods: .standard), volume: view,
      provenance: try Provenance(sidecar).section(),
      generator: "voxtilt \(Build.version)")
    content.warnings = warnings(of: info, sidecar, try reader.fingerprint())
    content.sections = sections(sidecar)
    content.tiltRange = sidecar.tiltRange
    let html = try ReportPage(content).html()
    try files.add(html, at: page)
    try files.commit()
    return Receipt(
      output: page, volume: volume, byteCount: html.count, binning: view.binning,
      warnings: content.warnings)
  }

  private func missing(_ sidecar: SidecarView) -> String? {
    guard !sidecar.tilts.isEmpty else { return nil }
    let summary = CoverageRecipe(degrees: sidecar.tilts).summary
    guard summary.missingFraction > 0 else { return nil }
    return """
      \((100 * summary.missingFraction).digits(4)) % of Fourier space was not measured. Detail in that part, \
      above all faces across the beam, is missing or was added by the method.
      """
  }

  /// What the missing wedge means for an object that is wider than the field.
  private func slab(_ info: StackInfo, _ sidecar: SidecarView) -> String? {
    guard sidecar.isCut else { return nil }
    let isOff = sidecar.earlierWarnings.contains { $0.words == Sidecar.slabWords }
    let spread =
      isOff || sidecar.root["settings"]["extend"].integer == nil
      ? ""
      : ", and --extend spreads its mean density evenly over the depth of \(info.shape.pageCount) voxels (--depth)"
    return """
      The object is wider than the field. The mean of a slab along z lies in the missing wedge: its thickness was not \
      measured\(spread).
      """
  }

  /// What the sidecar tells, what the tilts sample, and what was measured of the volume.
  private func sections(_ sidecar: SidecarView) -> [ReportSection] {
    // Without tilts nothing is known of what they sample.
    let sampled = (sidecar.tilts.isEmpty ? [] : [CoverageRecipe(degrees: sidecar.tilts)])
      .map { ReportSection($0.summary, $0.drawing) }
    guard let kept = sidecar.outputHash.flatMap({ QualityRecord.kept(beside: volume, sha256: $0) })
    else {
      return sidecar.sections + sampled
        + ReportSection.unmeasuredQuality(volume, because: unmeasured)
    }
    // The residual of all slices stands for that of the slices on which λ was chosen.
    let told = sidecar.sections.filter { $0.howToMeasure == nil || $0.anchor != "tilt-residuals" }
    return told + sampled
      + ReportSection.quality(kept.quality, notes: kept.notes, residuals: residualMap)
  }

  /// The picture of the residual of each tilt and bin that stands beside the volume.
  private var residualMap: ReportSection.Block? {
    let path = String(sidecarPath(of: volume).dropLast(".json".count)) + ".consistency.tif"
    guard var reader = try? StackReader(path: path) else { return nil }
    let shape = reader.info.shape
    var page = FloatStorage(zeros: shape.pixelsPerPage)
    var pixels = page.mutableSpan
    guard (try? reader.readPage(0, into: &pixels)) != nil else { return nil }
    let zoom = max(1, 480 / max(shape.columnCount, shape.rowCount))
    return .picture(
      Picture(page.span, width: shape.columnCount, limits: 0...2).magnified(by: zoom),
      caption: """
        Residual of each tilt (rows, the lowest at the top) and bin (columns) over the noise, from 0, \
        black, to 2, white. Structure in it is not explained by the volume.
        """, description: "Map of the residual of every tilt and bin.")
  }

  private func view(
    _ reader: inout StackReader, _ sidecar: SidecarView, _ follower: Follower
  ) throws -> VolumeView {
    let shape = reader.info.shape
    var gathering = VolumeView.Gathering(
      VolumeView.Extent(x: shape.columnCount, y: shape.rowCount, z: shape.pageCount),
      voxelSize: sidecar.voxelSize ?? reader.info.pixelSize,
      tiltAxis: sidecar.tiltAxis.flatMap { TiltAxis(rawValue: $0) } ?? .y)
    var census = NonFiniteCensus(.refuse)
    var page = try FloatStorage(allocating: shape.pixelsPerPage)
    for z in 0..<shape.pageCount {
      var pixels = page.mutableSpan
      try reader.readPage(z, into: &pixels)
      census.examine(&pixels, page: z, columnCount: shape.columnCount)
      gathering.add(page.span)
      try follower.advance(.reading, z + 1, of: shape.pageCount)
    }
    try census.settle(path: volume)
    return gathering.finish()
  }

  private func summary(of info: StackInfo, _ sidecar: SidecarView) -> String {
    let shape = info.shape
    let size = "\(shape.columnCount) × \(shape.rowCount) × \(shape.pageCount) voxels (x, y, z)"
    let edge =
      (sidecar.voxelSize ?? info.pixelSize).map { "voxel size \(inWords($0)) nm" }
      ?? "voxel size missing"
    let origin = sidecar.root["inputs"].elements.first?["path"].text.map {
      "from \(($0 as NSString).lastPathComponent)"
    }
    let maker = sidecar.root["voxtilt"].text.map { "made by voxtilt \($0)" }
    return [size, edge, origin, maker].compactMap(\.self).joined(separator: " · ")
  }

  private func warnings(
    of info: StackInfo, _ sidecar: SidecarView, _ found: Fingerprint
  ) -> [String] {
    let files = found.sha256 == sidecar.outputHash ? [] : [volume]
    var warnings = [EarlierRecord.mismatchWords(files, record: sidecarPath(of: volume))]
      .compactMap(\.self)
    warnings += sidecar.warnings + sidecar.earlierWarnings.map(\.sentence)
    let kept = sidecar.outputHash.flatMap { QualityRecord.kept(beside: volume, sha256: $0) }
    if let warning = kept.flatMap({ QualityAccount($0.quality).warning }) {
      warnings.append(warning)
    }
    if let wedge = missing(sidecar) {
      warnings += [wedge] + [slab(info, sidecar)].compactMap(\.self)
    }
    if sidecar.voxelSize == nil && info.pixelSize == nil {
      warnings.append("The voxel size is missing, so scale bars are in voxels.")
    }
    return warnings
  }
}

extension SidecarView {
  /// Whether the object goes on beyond the field of its series, by the reconstruction or a stage before it.
  fileprivate var isCut: Bool {
    let verdict = root["field"].text.flatMap { FieldReach.Verdict(rawValue: $0) }
    let matters = root["stageWarnings"].elements.map { $0["matter"].text }
    return verdict?.isCut == true || matters.contains(LastingWarning.Matter.field.rawValue)
  }
}
