import Fields
import Foundation
import Inversion
import Operators
import Projection
import Reconstruction
import StackIO
import TestSupport
import Testing
import Transforms
import VariationalReconstruction

@Suite("Priors given by a denoiser")
struct DenoiserTests {
  let shared = CompressedSensingTests()

  /// The proximal map of `weight · TV`, as a denoiser of a user's own.
  struct VariationDenoiser: Denoiser {
    let weight: Float
    let shape: SlabShape

    struct Identity: LinearOperator {
      let domainCount: Int
      var rangeCount: Int { domainCount }
      func apply(_ x: Span<Float>, into y: consuming MutableSpan<Float>) {
        for i in x.indices { y[i] = x[i] }
      }
      func applyAdjoint(_ y: Span<Float>, into x: consuming MutableSpan<Float>) {
        apply(y, into: x)
      }
    }

    func denoise(
      _ x: Span<Float>, into y: inout MutableSpan<Float>, state: inout [FloatStorage]
    ) throws {
      let noisy = FloatStorage(x.indices.map { x[$0] })
      let fit = try DataFidelity(
        SquaredDistance(), of: Identity(domainCount: x.count), to: noisy, shape)
      var solver = PrimalDual()
      (solver.iterationLimit, solver.tolerance, solver.balance) = (150, 1e-6, 1)
      var clean = noisy
      let variation = try TotalVariation(weight, SlabGradient(shape))
      try solver.minimise(
        Objective([fit], regulariser: variation, pointwise: .free), from: &clean)
      for i in x.indices { y[i] = clean.span[i] }
    }
  }

  @Test("with the proximal map of total variation plugged in, the volume is that of the prior tv")
  func variation() throws {
    let geometry = try shared.geometry()
    let series = shared.series(geometry)
    let (expected, report) = try shared.method(.tv, iterations: 3000)
      .reconstruct(series, geometry, from: nil, workers: Workers(2))
    let μ = Float(try #require(report.mu))
    let (shape, γ) = (geometry.volume.slabs, Float(10))
    let fit = try DataFidelity(
      SquaredDistance(), of: ParallelProjector(geometry), to: series.projections,
      series.shape.slabs)
    let prior = try PlugAndPlay(
      VariationDenoiser(weight: μ / γ, shape: shape), weight: γ, shape)
    var solver = PrimalDual()
    (solver.iterationLimit, solver.tolerance) = (400, 1e-6)
    var x = FloatStorage(zeros: shape.count)
    try solver.minimise(Objective([fit], regulariser: prior), from: &x)
    #expect(relativeError(of: x.span, against: expected.voxels.span) < 1e-3)
  }

  @Test(
    "nlm finds a fixed point, reports it, and goes on from λ as from σ",
    arguments: PlugAndPlay.Form.allCases)
  func nonLocal(form: PlugAndPlay.Form) throws {
    let geometry = try shared.geometry()
    let series = shared.series(geometry)
    var method = shared.method(.nlm, iterations: 600)
    method.strength = .lambda(0.1)
    method.prior.form = form
    method.tolerance = 1e-6
    let (volume, report) = try method.reconstruct(
      series, geometry, from: nil, workers: Workers(2))
    func number(_ key: String) throws -> Double {
      guard case .number(let value)? = report.settings[key] else {
        Issue.record("\(key) is a number")
        return .nan
      }
      return value
    }
    let residual = try number("fixedPointResidual")
    // The map settles slowly where the denoiser is called in every third iteration.
    #expect(residual < 3e-2)
    let largest = try number("largestEigenvalue")
    #expect(largest > 0.9 && largest < 1.0005)
    #expect(report.warnings == [])
    let σ = try number("denoiserStrength")
    #expect(abs(σ * σ / (try #require(report.mu)) - 1) < 1e-6)
    method.strength = .mu(σ * σ)
    let (again, _) = try method.reconstruct(series, geometry, from: nil, workers: Workers(2))
    #expect(relativeError(of: again.voxels.span, against: volume.voxels.span) < 1e-5)
    let stored = try JSONDecoder().decode(
      CompressedSensing.self, from: JSONEncoder().encode(method))
    #expect(stored.prior == method.prior)
  }

  @Test("fewer tilts leave the σ of a denoiser as it is")
  func parts() throws {
    var method = shared.method(.nlm)
    method.strength = .mu(0.25)
    let part = try method.restricted(to: [0, 2], of: 4)
    #expect(part.strength == .mu(0.25))
  }

  @Test("rules that look at a penalty are refused")
  func rules() throws {
    let geometry = try shared.geometry()
    var method = shared.method(.nlm)
    method.strength = .chosen(.lCurve, noise: 0.1)
    #expect(throws: CompressedSensingError.noPenalty(.lCurve)) {
      try method.reconstruct(
        shared.series(geometry), geometry, from: nil, workers: Workers(2))
    }
    method.prior = Prior(.denoiser)
    method.strength = .lambda(0.1)
    #expect(throws: CompressedSensingError.noProgram) {
      try method.reconstruct(
        shared.series(geometry), geometry, from: nil, workers: Workers(2))
    }
  }
}

@Suite("Weights of bins")
struct BinWeightTests {
  let shared = CompressedSensingTests()

  @Test("a bin of weight zero leaves no trace, in trials of λ as in the volume")
  func zero() throws {
    let geometry = try shared.geometry()
    let clean = shared.series(geometry)
    var damaged = clean
    var weights = FloatStorage(repeating: 1, count: clean.projections.count)
    do {
      var span = weights.mutableSpan
      for y in 0..<3 {
        for tilt in [3, 4] {
          damaged[tilt, y, 7] = 50
          span[clean.shape.slabs.index(slice: y, page: tilt, position: 7)] = 0
        }
      }
    }
    let volumes = try [clean, damaged].map { series in
      var series = series
      series.weights = weights
      var method = shared.method(.tv, iterations: 60)
      method.strength = .chosen(.heldOutTilts, noise: nil)
      let (volume, report) = try method.reconstruct(
        series, geometry, from: nil, workers: Workers(2))
      #expect(report.lambdaChoice != nil)
      return volume.voxels
    }
    let (one, two) = (volumes[0], volumes[1])
    #expect(relativeError(of: two.span, against: one.span) == 0)
  }

  @Test("equal weights are those of tilts, and the strength has the scale that they have")
  func scale() throws {
    let geometry = try shared.geometry()
    var series = shared.series(geometry)
    var method = shared.method(.tv, iterations: 100)
    method.tiltWeights = (0..<20).map { 1 + Double($0 % 3) }
    let (expected, _) = try method.reconstruct(series, geometry, from: nil, workers: Workers(2))
    series.weights = FloatStorage(repeating: 2, count: series.projections.count)
    method.tiltWeights = method.tiltWeights?.map { $0 / 2 }
    let (found, _) = try method.reconstruct(series, geometry, from: nil, workers: Workers(2))
    #expect(relativeError(of: found.voxels.span, against: expected.voxels.span) < 1e-4)
  }

  @Test(
    "transmission weights are exp(−y), and a stack of them gives the same volume, of all tilts and of some"
  )
  func transmission() throws {
    let geometry = try shared.geometry()
    let series = shared.series(geometry, brightness: 0.1)
    var method = shared.method(.tv, iterations: 60)
    method.binWeights = .transmission
    let (expected, _) = try method.reconstruct(series, geometry, from: nil, workers: Workers(2))
    let path = NSTemporaryDirectory() + "\(UUID().uuidString).mrc"
    defer { try? FileManager.default.removeItem(atPath: path) }
    var writer = try StackWriter(
      path: path, shape: StackShape(pageCount: 20, rowCount: 3, columnCount: 16))
    for tilt in 0..<20 {
      let page = (0..<48).map { exp(-series[tilt, $0 / 16, $0 % 16]) }
      try writer.write(page.span, page: tilt)
    }
    _ = try writer.finish()
    method.binWeights = .stack(path: path, axis: .y)
    let (found, _) = try method.reconstruct(series, geometry, from: nil, workers: Workers(2))
    #expect(relativeError(of: found.voxels.span, against: expected.voxels.span) < 1e-5)

    let even = Array(stride(from: 0, to: 20, by: 2))
    let half = try method.restricted(to: even, of: 20)
    var other = half
    other.binWeights = .transmission
    let parts = try [half, other].map {
      try $0.reconstruct(
        series.subset(of: even), geometry.subset(of: even), from: nil, workers: Workers(2)
      ).0.voxels
    }
    let (one, two) = (parts[0], parts[1])
    #expect(relativeError(of: one.span, against: two.span) < 1e-5)
    method.fidelity = .poisson(background: 1)
    #expect(throws: CompressedSensingError.weightedCounts) {
      try method.reconstruct(series, geometry, from: nil, workers: Workers(2))
    }
  }
}
