import AlgebraicReconstruction
import Fields
import AnalyticReconstruction
import Phantoms
import Plots
import Projection
import Reconstruction
import SpectralTomography
import Transforms

/// Subtracting the background below an edge before or after reconstruction, or inside the model: bias and spread of
/// element volumes over fresh noise.
///
/// Bias is the mean of what is found over the voxels that hold the element, against the true mean; spread the standard
/// deviation of a voxel there from one noise to the next; both in percent of the true mean. The error is over all voxels.
struct SpectralOrderStudy {
  private let folder: String
  private let workers: Workers
  private let width: Int
  private let slices: Int
  private let tilts: Int
  private let seeds: Int

  init(_ folder: String, isQuick: Bool, _ workers: Workers) {
    (self.folder, self.workers) = (folder, workers)
    (width, slices, tilts, seeds) = isQuick ? (32, 8, 24, 2) : (48, 16, 71, 8)
  }

  private static let background = 0.05

  func run() throws -> StudyResult {
    let shape = VolumeShape(width: width, depth: width, sliceCount: slices)
    let scene = try SpectralScene(reading: "\(folder)/spectral/particle.json", volume: shape)
    let gap = 140 / Double(tilts - 1)
    let degrees = (0..<tilts).map { -70 + Double($0) * gap }
    var table = Table([
      "counts", "element", "method", "order", "scope", "bias / %", "spread / %", "error",
    ])
    for level in [0.3, 1] {
      let rendered = RenderedScene(
        scene, degrees: degrees, counts: level, background: Self.background, workers: workers)
      for (m, name) in [(0, "O"), (1, "Fe")] {
        for row in try rows(rendered, material: m, name, degrees) {
          try table.append([.number(level), .text(name)] + row)
        }
      }
    }
    return StudyResult(table: table, claims: [])
  }

  private enum Order: String, CaseIterable {
    case subtractFirst = "subtract-first"
    case reconstructFirst = "reconstruct-first"
    case inModel = "in-model"
  }

  /// One way from counts to an element's volume.
  private enum Method: String {
    case fbp, joint
    case sirt = "sirt ≥ 0"
  }

  private struct Way {
    let method: Method
    let order: Order
    let scope: EdgeBackground.Scope
  }

  private func rows(
    _ rendered: RenderedScene, material: Int, _ name: String, _ degrees: [Double]
  ) throws -> [[Table.Cell]] {
    let scene = rendered.scene
    let energies = scene.energies
    let windows = try ElementWindows(name, on: energies[0]...energies[energies.count - 1])
    let ways =
      [Method.fbp, .sirt].flatMap { method in
        [EdgeBackground.Scope.region, .pixel].flatMap { scope in
          [Order.subtractFirst, .reconstructFirst].map {
            Way(method: method, order: $0, scope: scope)
          }
        }
      } + [Way(method: .joint, order: .inModel, scope: .region)]
    var found = ways.map { _ in [FloatStorage]() }
    var channels = 0..<0
    for seed in 1...seeds {
      let counts = energies.indices.map { rendered.counts($0, seed: UInt64(seed)) }
      let geometry = try TiltGeometry(
        volume: scene.volume, series: counts[0].shape, degrees: degrees)
      let cleaned = counts.map { subtracted($0) }
      let totals = cleaned.map { series in sum(series.projections, series.shape.slabs) }
      for (i, way) in ways.enumerated() {
        let law = try EdgeBackground(
          windows, scope: way.scope, energies: energies, totals: totals)
        channels = law.signalChannels
        found[i].append(try volume(way, law, counts, cleaned, geometry))
      }
    }
    let truth = net(rendered, material, channels)
    return zip(ways, found).map { way, volumes in
      let account = Account(volumes, truth)
      return [
        .text(way.method.rawValue), .text(way.order.rawValue), .text(way.scope.rawValue),
        .number(account.bias), .number(account.spread), .number(account.error),
      ]
    }
  }

  private func volume(
    _ way: Way, _ law: EdgeBackground, _ counts: [TiltSeries], _ cleaned: [TiltSeries],
    _ geometry: TiltGeometry
  ) throws -> FloatStorage {
    let reconstruct = { (series: TiltSeries) -> FloatStorage in
      let (volume, _) =
        way.method == .fbp
        ? try FilteredBackProjection(window: .hann, cutoff: 0.5, scale: .full).reconstruct(
          series, geometry, from: nil, workers: workers)
        : try SIRT(iterations: 30, isNonNegative: true).reconstruct(
          series, geometry, from: nil, workers: workers)
      return volume.voxels
    }
    func series(_ field: FloatStorage) -> TiltSeries {
      TiltSeries(field, shape: counts[0].shape, tilts: counts[0].tilts)
    }
    switch way.order {
    case .subtractFirst:
      return try reconstruct(series(try law.split(workers) { cleaned[$0].projections }.net))
    case .reconstructFirst:
      return try law.split(workers) { try reconstruct(cleaned[$0]) }.net
    case .inModel:
      let split = try law.split(workers) { cleaned[$0].projections }
      let flat = Float(Self.background * Double(law.signalChannels.count))
      let slabs = counts[0].shape.slabs
      var (gross, background) = (split.gross, split.background)
      for i in 0..<gross.count where isTrue(i, slabs) {
        var expected = background.mutableSpan
        expected[i] += flat
        var seen = gross.mutableSpan
        seen[i] = max(0, (seen[i] + flat).rounded())
      }
      var method = JointReconstruction()
      (method.coupling, method.workers) = (.separate, workers)
      return try method.reconstruct([series(gross)], geometry, noise: .countsOver([background]))
        .volumes[0].voxels
    }
  }

  /// Σ over the signal window of what the edge alone gives.
  private func net(_ rendered: RenderedScene, _ material: Int, _ channels: Range<Int>) -> Volume {
    let edges = SpectrumModel(edges: rendered.scene.materials[material].spectrum.edges)
    let weight = channels.reduce(0.0) { $0 + edges.value(at: rendered.scene.energies[$1]) }
    var truth = rendered.material(material)
    var values = truth.voxels.mutableSpan
    for i in values.indices { values[i] *= Float(weight * rendered.scale) }
    return truth
  }

  private func subtracted(_ counts: TiltSeries) -> TiltSeries {
    var series = counts
    let slabs = series.shape.slabs
    for i in 0..<series.projections.count where isTrue(i, slabs) {
      var values = series.projections.mutableSpan
      values[i] -= Float(Self.background)
    }
    return series
  }

  private func sum(_ field: FloatStorage, _ slabs: SlabShape) -> Double {
    (0..<field.count).reduce(0) { isTrue($1, slabs) ? $0 + Double(field.span[$1]) : $0 }
  }

  /// Whether a place is no padding.
  private func isTrue(_ i: Int, _ slabs: SlabShape) -> Bool {
    i % slabs.laneCount < slabs.slices(of: i / slabs.slabLength).count
  }

  private struct Account {
    let bias, spread, error: Double

    init(_ volumes: [FloatStorage], _ truth: Volume) {
      let (n, slabs) = (Double(volumes.count), truth.shape.slabs)
      var (inside, sum, true_, variance, square) = (0.0, 0.0, 0.0, 0.0, 0.0)
      for i in 0..<truth.voxels.count {
        guard i % slabs.laneCount < slabs.slices(of: i / slabs.slabLength).count else { continue }
        let t = Double(truth.voxels.span[i])
        let values = volumes.map { Double($0.span[i]) }
        let mean = values.reduce(0, +) / n
        square += values.reduce(0) { $0 + ($1 - t) * ($1 - t) } / n
        guard t > 0 else { continue }
        (inside, sum, true_) = (inside + 1, sum + mean, true_ + t)
        variance += values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(1, n - 1)
      }
      bias = 100 * (sum / true_ - 1)
      spread = 100 * (variance / inside).squareRoot() / (true_ / inside)
      error = (square / Double(slabs.valueCount)).squareRoot()
    }
  }
}
