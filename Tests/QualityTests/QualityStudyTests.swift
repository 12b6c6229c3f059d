import AlgebraicReconstruction
import VariationalReconstruction
import Fields
import AnalyticReconstruction
import Foundation
import Inversion
import Phantoms
import Projection
import Quality
import Reconstruction
import TestSupport
import Testing
import Transforms

@Suite struct QualityStudyTests {
  @Test("Halves by back-projection lose each other where the noise says so")
  func halvesFall() throws {
    let scene = try Scene(noise: 0.05)
    let method = FilteredBackProjection()
    let (volume, _) = try method.reconstruct(
      scene.series, scene.geometry, from: nil, workers: .all, monitor: .silent)
    let (result, _) = try scene.judge(volume, method)
    let curve = try #require(result.correlation[.all])

    // What is expected: clean halves, and the power that noise alone leaves in each.
    let split = TiltSplit.halves(scene.geometry.tilts)
    func half(_ series: TiltSeries, _ tilts: [Int]) throws -> Volume {
      try method.reconstruct(
        series.subset(of: tilts), scene.geometry.subset(of: tilts), from: nil, workers: .all
      ).0
    }
    var noise = scene.series
    for t in 0..<noise.shape.tiltCount {
      for y in 0..<16 { for i in 0..<64 { noise[t, y, i] -= scene.clean[t, y, i] } }
    }
    let mask = zip(
      TiltCoverage(scene.geometry.subset(of: split.even)).mask(width: 64, depth: 64),
      TiltCoverage(scene.geometry.subset(of: split.odd)).mask(width: 64, depth: 64))
    let taper = QualityStudy.taper
    let clean = ShellSums(
      SpectrumPair(
        try half(scene.clean, split.even), try half(scene.clean, split.odd), taper: taper),
      mask: mask)[.sampled, .all]
    let floor = ShellSums(
      SpectrumPair(try half(noise, split.even), try half(noise, split.odd), taper: taper),
      mask: mask)[.sampled, .all]
    var deviations: [Double] = []
    for (shell, point) in curve.points.enumerated() {
      guard let value = point.value else { continue }
      let powers =
        (clean[shell].first + floor[shell].first) * (clean[shell].second + floor[shell].second)
      let expected = clean[shell].cross / powers.squareRoot()
      // Slices lie apart, so that fewer coefficients are independent than are counted.
      let scatter = max(0.03, 3 * (1 - expected * expected) / point.coefficients.squareRoot())
      deviations.append((value - expected) / scatter)
    }
    #expect(deviations.count > 20)
    #expect(deviations.allSatisfy { abs($0) < 2 }, "\(deviations)")
    #expect(curve.crossing(.half)?.outcome == .crossing)
  }

  @Test("More noise makes the detail that halves share coarser, and D Δθ does not move")
  func noiseMatters() throws {
    let method = FilteredBackProjection()
    let results = try [0.01, 0.1].map { try Scene(noise: $0).judge(method) }
    let details = results.map { $0.correlation[.all]?.crossing(.half)?.voxels ?? 0 }
    #expect(details[0] > 1.9 && details[1] > 1.2 * details[0])
    let extent = results[0].extent
    let step = 4 * Double.pi / 180
    #expect(abs(try #require(extent.seriesLimit) - extent.diameter * step) < 1e-6)
    #expect(abs(try #require(extent.halvesLimit) - 2 * extent.diameter * step) < 1e-6)
    #expect(abs(extent.sampledFraction - 132 / 180.0) < 0.02)
  }

  @Test("A prior fills the missing part, back-projection does not, and streaks tell them apart")
  func filledIn() throws {
    let scene = try Scene()
    let plain = try scene.judge(FilteredBackProjection())
    var method = CompressedSensing()
    (method.strength, method.iterationLimit) = (.lambda(1e-4), 60)
    let tv = try scene.judge(method)
    let marks = [plain, tv].map { $0.spectrum.shells.filter { $0.isFilledIn == true }.count }
    #expect(marks[0] == 0 && marks[1] >= 4, "\(marks)")
    let shares = try [plain, tv].map { try #require($0.spectrum.missingShare) }
    #expect(shares[0] < shares[1])
    let streaks = [plain, tv].map { $0.indicators.streak ?? 0 }
    #expect(streaks[0] > 1.5 && streaks[1] < 1.5, "\(streaks)")
    #expect(plain.indicators.flatShare == 0)
  }

  @Test("The noise floor of back-projection is the power of the noise in it")
  func noiseFloor() throws {
    let scene = try Scene(noise: 0.05)
    let method = FilteredBackProjection()
    let result = try scene.judge(method)
    let volumes = try [scene.series, scene.clean].map {
      try method.reconstruct($0, scene.geometry, from: nil, workers: .all).0
    }
    var difference = volumes[0]
    for z in 0..<64 {
      for y in 0..<16 { for x in 0..<64 { difference[x, y, z] -= volumes[1][x, y, z] } }
    }
    let sums = ShellSums(
      SpectrumPair(volumes[0], difference, taper: QualityStudy.taper),
      mask: TiltCoverage(scene.geometry).mask(width: 64, depth: 64))[.sampled, .all]
    for (shell, sum) in zip(result.spectrum.shells, sums) where shell.frequency > 0.3 {
      guard let noise = shell.noise, let power = shell.sampled else { continue }
      let expected = sum.second / sum.first
      #expect(abs(noise / power / expected - 1) < 0.35, "\(shell.frequency)")
    }
  }

  @Test("Counts are judged by their own noise")
  func counts() throws {
    let scene = try Scene()
    var series = scene.clean
    _ = try NoiseModel.poisson(counts: 200, output: .counts).apply(to: &series, seed: 2)
    let method = try MLEM(iterations: 20)
    let (volume, _) = try method.reconstruct(
      series, scene.geometry, from: nil, workers: .all)
    let result = try QualityStudy(of: volume, from: series, scene.geometry, method: method).run().0
    #expect(result.fit.noise?.source == .counts)
    #expect(result.method.character.label == .consistency)
    #expect((0.7...1.3).contains(try #require(result.fit.overNoise)))
  }

  @Test("Results do not depend on threads, survive JSON, and have no more than 2.7 runs")
  func threads() throws {
    let scene = try Scene()
    let method = try SIRT(iterations: 5)
    let (volume, _) = try method.reconstruct(
      scene.series, scene.geometry, from: nil, workers: .all)
    let results = try [1, 3].map { count in
      var study = try QualityStudy(of: volume, from: scene.series, scene.geometry, method: method)
      study.workers = Workers(count)
      return try study.run().0
    }
    #expect(results[0] == results[1])
    #expect(results[0].fit.noise?.source == .estimate)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let data = try encoder.encode(results[0])
    let again = try JSONDecoder().decode(QualityResult.self, from: data)
    #expect(try encoder.encode(again) == data && again.correlation == results[0].correlation)
    #expect(QualityStudy.Stage.allCases.reduce(0) { $0 + $1.share } == 2.7)
  }

  @Test("A volume that was cropped after its run is compared with cropped halves")
  func margin() throws {
    let scene = try Scene()
    let wide = try TiltGeometry(
      volume: VolumeShape(width: 72, depth: 64, sliceCount: 16), series: scene.series.shape,
      degrees: scene.series.tilts)
    let method = FilteredBackProjection()
    let (volume, _) = try method.reconstruct(
      scene.series, scene.geometry, from: nil, workers: .all)
    let results = try [scene.geometry, wide].map {
      try QualityStudy(of: volume, from: scene.series, $0, method: method).run().0
    }
    // Back-projection finds each voxel by itself.
    let curves = results.map { $0.correlation[.all]?.points.map { $0.value ?? 0 } ?? [] }
    #expect(zip(curves[0], curves[1]).allSatisfy { abs($0 - $1) < 1e-4 } && !curves[0].isEmpty)
  }

  @Test("Too few tilts and other slices are refused")
  func refusals() throws {
    let shape = TiltSeriesShape(tiltCount: 3, binCount: 8, sliceCount: 4)
    let volume = VolumeShape(width: 8, depth: 8, sliceCount: 4)
    let series = TiltSeries(zeros: shape, tilts: [0, 10, 20])
    let geometry = try TiltGeometry(volume: volume, series: shape, degrees: series.tilts)
    #expect(throws: QualityError.tooFewTilts(3)) {
      try QualityStudy(
        of: Volume(zeros: volume), from: series, geometry, method: FilteredBackProjection())
    }
    #expect(throws: QualityError.slices(volume: 5, series: 4)) {
      try QualityStudy(
        of: Volume(zeros: VolumeShape(width: 8, depth: 8, sliceCount: 5)), from: series, geometry,
        method: FilteredBackProjection())
    }
  }
}

/// The smaller of two masks, value by value.
private func zip(_ a: FloatStorage, _ b: FloatStorage) -> FloatStorage {
  var result = a
  var values = result.mutableSpan
  for i in values.indices { values[i] = min(values[i], b.span[i]) }
  return result
}
