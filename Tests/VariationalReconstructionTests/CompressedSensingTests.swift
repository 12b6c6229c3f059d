import VariationalReconstruction
import Fields
import Foundation
import Operators
import Inversion
import Projection
import Reconstruction
import TestSupport
import Testing
import Transforms

@Suite("CompressedSensing")
struct CompressedSensingTests {
  static let degrees = (0..<20).map { -85.5 + 9 * Double($0) }

  func geometry(
    _ n: Int = 16, slices: Int = 3, degrees: [Double] = degrees
  ) throws -> TiltGeometry {
    try TiltGeometry(
      volume: VolumeShape(width: n, depth: n, sliceCount: slices),
      series: TiltSeriesShape(tiltCount: degrees.count, binCount: n, sliceCount: slices),
      degrees: degrees)
  }

  /// Projections of a bright and a faint box, with a little noise, times `brightness`.
  func series(_ geometry: TiltGeometry, brightness: Float = 1) -> TiltSeries {
    var volume = Volume(zeros: geometry.volume)
    for y in 0..<geometry.volume.sliceCount {
      for z in 4..<11 { for x in 5..<10 { volume[x, y, z] = brightness } }
      for z in 5..<8 { for x in 9..<13 { volume[x, y, z] = 0.5 * brightness } }
    }
    var series = TiltSeries(zeros: geometry.series, tilts: Self.degrees)
    ParallelProjector(geometry)
      .apply(volume.voxels.span, into: series.projections.mutableSpan)
    let noise = noise(count: series.projections.count, seed: 1)
    for tilt in 0..<geometry.tilts.count {
      for y in 0..<geometry.volume.sliceCount {
        for bin in 0..<geometry.series.binCount {
          let i = geometry.series.slabs.index(slice: y, page: tilt, position: bin)
          series[tilt, y, bin] = max(0, series[tilt, y, bin] + 0.3 * brightness * noise.span[i])
        }
      }
    }
    return series
  }

  func method(_ kind: Prior.Kind, iterations: Int = 300) -> CompressedSensing {
    var method = CompressedSensing()
    method.prior = Prior(kind)
    method.iterationLimit = iterations
    method.strength = .lambda(kind == .gradient ? 1e-5 : 1e-3)
    return method
  }

  @Test(
    "twice the brightness gives twice the volume",
    arguments: Prior.Kind.allCases.filter { $0 != .denoiser })
  func brightness(kind: Prior.Kind) throws {
    let geometry = try geometry()
    let volumes = try [1, 2].map { (brightness: Float) in
      try method(kind).reconstruct(
        series(geometry, brightness: brightness), geometry, from: nil, workers: Workers(2)
      ).0.voxels
    }
    let (once, twice) = (volumes[0], volumes[1])
    let halved = FloatStorage(twice.span.indices.map { twice.span[$0] / 2 })
    #expect(relativeError(of: halved.span, against: once.span) < 0.02)
  }

  @Test("the strength means the same for counts of twice the dose")
  func dose() throws {
    let geometry = try geometry()
    let volumes = try [20, 40].map { (brightness: Float) in
      var method = method(.tv)
      method.fidelity = .poisson(background: 0.05 * brightness)
      return try method.reconstruct(
        series(geometry, brightness: brightness), geometry, from: nil, workers: Workers(2)
      ).0.voxels
    }
    let (once, twice) = (volumes[0], volumes[1])
    let halved = FloatStorage(twice.span.indices.map { twice.span[$0] / 2 })
    #expect(relativeError(of: halved.span, against: once.span) < 0.02)
  }

  @Test(
    "λ and μ are both recorded, and give the same volume",
    arguments: Prior.Kind.allCases.filter { $0 != .denoiser })
  func strengths(kind: Prior.Kind) throws {
    let geometry = try geometry()
    let series = series(geometry)
    var method = method(kind, iterations: 20)
    let (byLambda, report) = try method.reconstruct(
      series, geometry, from: nil, workers: Workers(2))
    guard case .number(let mu)? = report.settings["mu"],
      case .number(let lambda)? = report.settings["lambda"]
    else {
      Issue.record("mu and lambda are numbers")
      return
    }
    #expect(.lambda(lambda) == method.strength)
    method.strength = .mu(mu)
    let (byMu, second) = try method.reconstruct(series, geometry, from: nil, workers: Workers(2))
    #expect(second.settings["mu"] == .number(mu))
    #expect(relativeError(of: byMu.voxels.span, against: byLambda.voxels.span) < 1e-5)
  }

  @Test("a tilt of weight zero leaves no trace")
  func tiltWeights() throws {
    let geometry = try geometry()
    let clean = series(geometry)
    var damaged = clean
    for bin in 0..<16 { for y in 0..<3 { damaged[4, y, bin] = 50 } }
    var method = method(.tv, iterations: 100)
    method.tiltWeights = (0..<20).map { $0 == 4 ? 0 : 1 }
    let (one, _) = try method.reconstruct(clean, geometry, from: nil, workers: Workers(2))
    let (two, _) = try method.reconstruct(damaged, geometry, from: nil, workers: Workers(2))
    #expect(relativeError(of: two.voxels.span, against: one.voxels.span) == 0)
  }

  @Test("padding lanes stay zero, and the number of workers changes no bit", arguments: [1, 7, 33])
  func slices(count: Int) throws {
    let geometry = try geometry(slices: count)
    let series = series(geometry)
    let shape = geometry.volume.slabs
    for kind in Prior.Kind.allCases where kind != .denoiser {
      let volumes = try [1, 3].map {
        try method(kind, iterations: 10).reconstruct(
          series, geometry, from: nil, workers: Workers($0)
        ).0.voxels
      }
      let (alone, shared) = (volumes[0], volumes[1])
      #expect(relativeError(of: shared.span, against: alone.span) == 0)
      let isClean = alone.span.indices.allSatisfy { i in
        let slice = i / shape.slabLength * shape.laneCount + i % shape.laneCount
        return slice < count ? alone.span[i] >= 0 : alone.span[i] == 0
      }
      #expect(isClean)
    }
  }

  @Test("a start near the solution is kept")
  func start() throws {
    let geometry = try geometry()
    let series = series(geometry)
    let (solution, _) = try method(.tv, iterations: 1000).reconstruct(
      series, geometry, from: nil, workers: Workers(2))
    let (again, report) = try method(.tv, iterations: 1000).reconstruct(
      series, geometry, from: solution, workers: Workers(2))
    #expect(relativeError(of: again.voxels.span, against: solution.voxels.span) < 0.01)
    #expect(report.stopReason == .settled)
  }

  @Test("progress is told each iteration, and a run can be interrupted")
  func interruption() throws {
    let geometry = try geometry()
    let monitor = Monitor(isCancelled: { true })
    #expect(throws: ReconstructionError.interrupted) {
      try method(.tv).reconstruct(
        series(geometry), geometry, from: nil, workers: Workers(2), monitor: monitor)
    }
  }

  @Test("memory is two volumes, the dual and four series")
  func memory() throws {
    let geometry = try geometry(slices: 33)
    let (volume, series) = (geometry.volume.slabs.count * 4, geometry.series.slabs.count * 4)
    #expect(method(.tv).memory(for: geometry, workers: Workers(2)) == 5 * volume + 4 * series)
    #expect(method(.l1).memory(for: geometry, workers: Workers(2)) == 2 * volume + 4 * series)
    #expect(method(.wavelet).memory(for: geometry, workers: Workers(2)) == 4 * volume + 4 * series)
    #expect(method(.l2).memory(for: geometry, workers: Workers(2)) == 2 * volume + 4 * series)
    #expect(method(.tgv).memory(for: geometry, workers: Workers(2)) == 17 * volume + 4 * series)
    var inSlices = method(.tgv)
    inSlices.prior.reach = .slice
    #expect(inSlices.memory(for: geometry, workers: Workers(2)) == 11 * volume + 4 * series)
  }

  @Test("memory covers the trials of λ where they hold more than the run")
  func trialMemory() throws {
    let geometry = try geometry(slices: 33)
    let (volume, series) = (geometry.volume.slabs.count * 4, geometry.series.slabs.count * 4)
    func memory(_ rule: ChoiceRule) -> Int {
      var chosen = method(.gradient)
      chosen.strength = .chosen(rule, noise: nil)
      return chosen.memory(for: geometry, workers: Workers(2))
    }
    // Two slabs are all of them, beside the series: the solver, and random signs with a volume and duals of their own.
    #expect(memory(.gcv) == 9 * volume + 7 * series)
    #expect(memory(.discrepancy) == 5 * volume + 5 * series)
  }

  @Test("settings that cannot work are named in the error")
  func refusals() throws {
    let geometry = try geometry()
    let series = series(geometry)
    func error(_ change: (inout CompressedSensing) -> Void) -> (any Error)? {
      var method = method(.tv)
      change(&method)
      do {
        _ = try method.reconstruct(series, geometry, from: nil, workers: Workers(1))
        return nil
      } catch { return error }
    }
    #expect(error { $0.strength = .lambda(0) } as? CompressedSensingError == .strength(0))
    #expect(
      error { $0.tiltWeights = [1] } as? CompressedSensingError == .tiltWeightCount(1, tilts: 20))
    #expect(
      error { ($0.prior.kind, $0.solver) = (.tgv, .fista) } as? CompressedSensingError
        == .descentOfTGV)
    #expect(
      error { ($0.prior.kind, $0.prior.tgvRatio) = (.tgv, -1) } as? CompressedSensingError
        == .strength(-1))
    #expect(error { $0.iterationLimit = 0 } as? ReconstructionError == .iterations(0))
    let empty = TiltSeries(zeros: geometry.series, tilts: Self.degrees)
    #expect(throws: CompressedSensingError.emptySeries) {
      try method(.tv).reconstruct(empty, geometry, from: nil, workers: Workers(1))
    }
  }
}
