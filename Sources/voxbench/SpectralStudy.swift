import AlgebraicReconstruction
import Fields
import AnalyticReconstruction
import Phantoms
import Plots
import Projection
import Reconstruction
import SpectralTomography
import Transforms

/// Channels far below and near one count a pixel: every channel by itself, and all together.
///
/// Filtered back-projection, SIRT and MLEM are taken at their best against the truth (cut-off, iteration);
/// total variation at the λ that it chose from the data.
struct SpectralStudy {
  private let folder: String
  private let workers: Workers
  private let width: Int
  private let slices: Int
  private let tilts: Int
  private let levels: [Double]
  private let step: Int

  init(_ folder: String, isQuick: Bool, _ workers: Workers) {
    (self.folder, self.workers) = (folder, workers)
    (width, slices, tilts) = isQuick ? (32, 8, 36) : (48, 16, 71)
    levels = isQuick ? [1] : [0.1, 0.3, 1]
    // Of the 40 channels of a scene, every so many.
    step = isQuick ? 10 : 8
  }

  /// What every method is asked to reconstruct.
  private struct Case {
    let truths: [Volume]
    let counts: [TiltSeries]
    let geometry: TiltGeometry
    let background: Double
    let energies: [Double]
  }

  func run() throws -> StudyResult {
    var table = Table([
      "scene", "counts", "channel", "eV", "zero", "fbp", "sirt", "mlem", "tv", "collaborative",
      "nuclear",
    ])
    var claims: [StudyResult.Claim] = []
    for name in ["particle", "plasmon-cube"] {
      for level in levels {
        let found = try run(name, level)
        for row in found { try table.append(row.cells) }
        let words = "\(name), \(level) counts: "
        claims.append(
          StudyResult.Claim(
            words: words + "in every channel, total variation beats nothing, fbp, sirt and mlem",
            holds: found.allSatisfy { $0.separate < min($0.zero, $0.fbp, $0.sirt, $0.mlem) }))
        let (tv, joint) = (
          mean(found, \.separate), mean(found) { min($0.collaborative, $0.nuclear) }
        )
        claims.append(
          StudyResult.Claim(
            words: words + "shared edges beat each channel by itself on average", holds: joint < tv)
        )
      }
    }
    return StudyResult(table: table, claims: claims)
  }

  private struct Row {
    let head: [Table.Cell]
    let zero: Double
    let fbp: Double
    let sirt: Double
    let mlem: Double
    let separate: Double
    let collaborative: Double
    let nuclear: Double

    var cells: [Table.Cell] {
      head + [zero, fbp, sirt, mlem, separate, collaborative, nuclear].map { .number($0) }
    }
  }

  private func mean(_ rows: [Row], _ value: (Row) -> Double) -> Double {
    rows.reduce(0) { $0 + value($1) / $1.zero } / Double(rows.count)
  }

  private func run(_ name: String, _ level: Double) throws -> [Row] {
    let scene = try makeCase(name, level)
    let tv = try ChannelCoupling.allCases.map { try errors(scene, $0) }
    return try scene.counts.indices.map { c in
      let truth = scene.truths[c]
      let zero = FloatStorage(zeros: truth.voxels.count)
      return Row(
        head: [.text(name), .number(level), .integer(c), .number(scene.energies[c])],
        zero: error(zero, truth), fbp: try fbp(scene, c),
        sirt: try best(try SIRT(isNonNegative: true), scene, c, subtracting: true),
        mlem: try best(
          try MLEM(background: Float(scene.background)), scene, c, subtracting: false),
        separate: tv[0][c], collaborative: tv[1][c], nuclear: tv[2][c])
    }
  }

  private func makeCase(_ name: String, _ level: Double) throws -> Case {
    let shape = VolumeShape(width: width, depth: width, sliceCount: slices)
    let scene = try SpectralScene(reading: "\(folder)/spectral/\(name).json", volume: shape)
    let gap = 140 / Double(tilts - 1)
    let degrees = (0..<tilts).map { -70 + Double($0) * gap }
    let background = 0.05
    let rendered = RenderedScene(
      scene, degrees: degrees, counts: level, background: background, workers: workers)
    let chosen = Array(stride(from: step / 2, to: scene.energies.count, by: step))
    let counts = chosen.map { rendered.counts($0, seed: 1) }
    return Case(
      truths: chosen.map { rendered.truth($0) }, counts: counts,
      geometry: try TiltGeometry(volume: shape, series: counts[0].shape, degrees: degrees),
      background: background, energies: chosen.map { scene.energies[$0] })
  }

  private func errors(_ scene: Case, _ coupling: ChannelCoupling) throws -> [Double] {
    var method = JointReconstruction()
    (method.coupling, method.workers) = (coupling, workers)
    guard coupling != .separate else {
      // Each channel by itself, with the λ that its own counts choose.
      return try scene.counts.indices.map { c in
        let result = try method.reconstruct(
          [scene.counts[c]], scene.geometry, noise: .counts(background: [scene.background]))
        return error(result.volumes[0].voxels, scene.truths[c])
      }
    }
    let result = try method.reconstruct(
      scene.counts, scene.geometry,
      noise: .counts(background: scene.counts.map { _ in scene.background }))
    return zip(result.volumes, scene.truths).map { error($0.voxels, $1) }
  }

  private func fbp(_ scene: Case, _ c: Int) throws -> Double {
    try [1, 0.5, 0.25, 0.125].map { cutoff in
      let (volume, _) = try FilteredBackProjection(window: .hann, cutoff: cutoff, scale: .full)
        .reconstruct(subtracted(scene, c), scene.geometry, from: nil, workers: workers)
      return error(volume.voxels, scene.truths[c])
    }.min() ?? .infinity
  }

  /// The least error along the iterations.
  private func best(
    _ method: any SliceWiseMethod, _ scene: Case, _ c: Int, subtracting: Bool
  ) throws -> Double {
    var pass = try method.makePass(scene.geometry, workers: workers)
    let series = subtracting ? subtracted(scene, c) : scene.counts[c]
    var volume = FloatStorage(zeros: scene.truths[c].voxels.count)
    var (least, since) = (Double.infinity, 0)
    for _ in 0..<300 where since < 20 {
      _ = pass.refine(&volume, to: series.projections)
      let found = error(volume, scene.truths[c])
      (least, since) = found < least ? (found, 0) : (least, since + 1)
    }
    return least
  }

  private func subtracted(_ scene: Case, _ c: Int) -> TiltSeries {
    var series = scene.counts[c]
    let slabs = series.shape.slabs
    for i in 0..<series.projections.count where i % slabs.laneCount < slices {
      var values = series.projections.mutableSpan
      values[i] -= Float(scene.background)
    }
    return series
  }

  private func error(_ volume: FloatStorage, _ truth: Volume) -> Double {
    rootMeanSquareDifference(
      volume.span, truth.voxels.span, count: truth.shape.slabs.valueCount)
  }
}
