import Fields
import Foundation
import Phantoms
import TestSupport
import Testing

@Suite("NoiseModel")
struct NoiseModelTests {
  /// Bright at 1°, the tilt closest to 0: 4 there and 8 at 60°.
  private func flat(sliceCount: Int = 33, pixelSize: Double? = nil) -> TiltSeries {
    let shape = TiltSeriesShape(tiltCount: 3, binCount: 500, sliceCount: sliceCount)
    var series = TiltSeries(zeros: shape, tilts: [-60, 1, 60], pixelSize: pixelSize)
    for (tilt, value) in [2, 4, 8].enumerated() {
      for y in 0..<sliceCount { for bin in 0..<500 { series[tilt, y, bin] = Float(value) } }
    }
    return series
  }

  private func moments(_ series: TiltSeries, _ tilt: Int) -> (mean: Double, variance: Double) {
    var (sum, squares, count) = (0.0, 0.0, 0.0)
    for y in 0..<series.shape.sliceCount {
      for bin in 0..<series.shape.binCount {
        let value = Double(series[tilt, y, bin])
        (sum, squares, count) = (sum + value, squares + value * value, count + 1)
      }
    }
    return (sum / count, squares / count - sum / count * (sum / count))
  }

  @Test("Gaussian noise has the σ asked for and leaves the mean")
  func gaussian() throws {
    var series = flat()
    let report = try NoiseModel.relativeGaussian(fraction: 0.05).apply(to: &series, seed: 1)
    #expect(abs(try #require(report.sigma) - 0.4) < 1e-12)
    for (tilt, mean) in [2.0, 4, 8].enumerated() {
      let found = moments(series, tilt)
      #expect(abs(found.mean - mean) < 5 * 0.4 / 16500.0.squareRoot())
      #expect(abs(found.variance / 0.16 - 1) < 5 * (2 / 16500.0).squareRoot())
    }
    var other = flat()
    let absolute = try NoiseModel.gaussian(sigma: 0.4).apply(to: &other, seed: 1)
    #expect(absolute.sigma == 0.4)
    #expect(relativeError(of: other.projections.span, against: series.projections.span) < 1e-7)
  }

  @Test("counts have one scale for all tilts, set where the tilt is closest to 0°")
  func counts() throws {
    var series = flat()
    let report = try NoiseModel.poisson(counts: 100, output: .counts).apply(to: &series, seed: 2)
    #expect(report.countsPerUnit == 25)
    #expect(report.brightestCounts == 100)
    for (tilt, mean) in [50.0, 100, 200].enumerated() {
      let found = moments(series, tilt)
      #expect(abs(found.mean - mean) < 5 * (mean / 16500).squareRoot())
      #expect(abs(found.variance / mean - 1) < 5 * (2 / 16500.0).squareRoot())
    }
    #expect(series.projections.span[7].rounded() == series.projections.span[7])
    var scaled = flat()
    _ = try NoiseModel.poisson(counts: 100, output: .lineIntegrals).apply(to: &scaled, seed: 2)
    #expect(scaled[2, 3, 4] == series[2, 3, 4] / 25)
  }

  @Test("a dose in electrons per nm² is shared by the tilts, times pixel area and fraction")
  func dose() throws {
    var series = flat(pixelSize: 0.5)
    let model = NoiseModel.dose(
      perSquareNanometre: 6000, collectedFraction: 0.1, output: .counts)
    let report = try model.apply(to: &series, seed: 3)
    #expect(abs(try #require(report.brightestCounts) - 6000.0 / 3 * 0.25 * 0.1) < 1e-9)
    #expect(abs(moments(series, 1).mean - 50) < 0.3)
    var unknown = flat()
    #expect(throws: PhantomError.pixelSizeUnknown) { try model.apply(to: &unknown, seed: 3) }
  }

  @Test("noise is the same with any number of threads and of slices")
  func streams() throws {
    let models: [NoiseModel] = [
      .gaussian(sigma: 1), .poisson(counts: 20, output: .lineIntegrals),
    ]
    for model in models {
      var (one, three, few) = (flat(), flat(), flat(sliceCount: 7))
      _ = try model.apply(to: &one, seed: 9, workers: Workers(1))
      _ = try model.apply(to: &three, seed: 9, workers: Workers(3))
      _ = try model.apply(to: &few, seed: 9)
      #expect(relativeError(of: three.projections.span, against: one.projections.span) == 0)
      #expect((0..<500).allSatisfy { few[2, 6, $0] == one[2, 6, $0] })
      #expect((0..<500).contains { one[2, 32, $0] != one[2, 0, $0] })
      let slabs = one.shape.slabs
      #expect(one.projections.span[slabs.index(slice: 40, page: 1, position: 3)] == 0)
    }
  }

  @Test("another seed is other noise, and no noise changes nothing")
  func seeds() throws {
    var (a, b, clean) = (flat(), flat(), flat())
    _ = try NoiseModel.gaussian(sigma: 1).apply(to: &a, seed: 1)
    _ = try NoiseModel.gaussian(sigma: 1).apply(to: &b, seed: 2)
    let (u, v) = (a.projections.span, b.projections.span)
    let flat = flat()
    let base = flat.projections.span
    let product = base.indices.reduce(0.0) {
      $0 + Double(u[$1] - base[$1]) * Double(v[$1] - base[$1])
    }
    #expect(abs(product / 49500) < 5 / 49500.0.squareRoot())
    let report = try NoiseModel.none.apply(to: &clean, seed: 5)
    #expect(report.model == .none && report.seed == 5 && report.sigma == nil)
    #expect(relativeError(of: clean.projections.span, against: base) == 0)
  }

  @Test("what cannot be counted is refused")
  func refusals() throws {
    var series = flat()
    let counting = NoiseModel.poisson(counts: 10, output: .counts)
    for level in [-1, .infinity, .nan] as [Double] {
      #expect(throws: PhantomError.self) {
        try NoiseModel.poisson(counts: 10, readNoise: level, output: .counts)
          .apply(to: &series, seed: 1)
      }
    }
    for level in [0, -1, .infinity, .nan] as [Double] {
      #expect(throws: PhantomError.self) {
        try NoiseModel.relativeGaussian(fraction: level).apply(to: &series, seed: 1)
      }
      #expect(throws: PhantomError.self) {
        try NoiseModel.poisson(counts: level, output: .counts).apply(to: &series, seed: 1)
      }
    }
    series[0, 2, 3] = -1
    #expect(throws: PhantomError.negativeProjection(tilt: -60, value: -1)) {
      try counting.apply(to: &series, seed: 1)
    }
    var empty = TiltSeries(zeros: series.shape, tilts: series.tilts)
    #expect(throws: PhantomError.nothingToCount(tilt: 1)) {
      try counting.apply(to: &empty, seed: 1)
    }
    var bright = flat(pixelSize: 1)
    #expect(throws: PhantomError.collectedFraction(2)) {
      try NoiseModel.dose(perSquareNanometre: 10, collectedFraction: 2, output: .counts)
        .apply(to: &bright, seed: 1)
    }
  }

  @Test("a report reads plainly as JSON and back")
  func json() throws {
    var series = flat()
    let model = NoiseModel.poisson(counts: 10, output: .counts)
    let report = try model.apply(to: &series, seed: 7)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let text = try String(decoding: encoder.encode(report), as: UTF8.self)
    #expect(
      text == #"{"brightestCounts":10,"countsPerUnit":2.5,"#
        + #""model":{"poisson":{"counts":10,"output":"counts","readNoise":0}},"seed":7}"#)
    #expect(try JSONDecoder().decode(NoiseReport.self, from: Data(text.utf8)) == report)
  }
}
