import Fields
import Foundation
import TestSupport
import Testing

import Quality

@Suite struct TiltResidualsTests {
  private func series(_ value: (_ tilt: Int, _ slice: Int, _ bin: Int) -> Int) -> TiltSeries {
    var series = TiltSeries(
      zeros: TiltSeriesShape(tiltCount: 3, binCount: 7, sliceCount: 5), tilts: [-30, 0, 30])
    for t in 0..<3 {
      for j in 0..<5 { for i in 0..<7 { series[t, j, i] = Float(value(t, j, i)) } }
    }
    return series
  }

  @Test("Means, sizes and correlations of residuals agree with numpy in double precision")
  func golden() throws {
    let golden = try goldenDoubles("residuals.f64", in: .module)
    let measured = series { t, j, i in (3 * t + 5 * j + 7 * i + i * j) % 11 }
    let predicted = series { t, j, i in (2 * t + 3 * j + i * j) % 7 }
    let residuals = TiltResiduals(
      of: measured, predictedBy: predicted.projections, workers: Workers(2))
    let blurred = TiltResiduals(
      of: measured, predictedBy: predicted.blurred(workers: Workers(2)).projections,
      workers: Workers(1))
    for t in 0..<3 {
      let (found, row) = (residuals.tilts[t], Array(golden[6 * t..<6 * t + 6]))
      #expect(abs(found.mean - row[0]) < 1e-12)
      #expect(abs(found.rms - row[1]) < 1e-12)
      #expect(abs(try #require(found.alongBins) - row[2]) < 1e-12)
      #expect(abs(try #require(found.alongSlices) - row[3]) < 1e-12)
      #expect(abs(found.expected - row[4]) < 1e-12)
      #expect(abs(blurred.tilts[t].rms - row[5]) < 1e-12)
    }
    // The map over slices has the same squares.
    for t in 0..<3 {
      let map = (0..<7).reduce(0.0) { $0 + pow(Double(residuals.rms.span[7 * t + $1]), 2) } / 7
      #expect(abs(map.squareRoot() - residuals.tilts[t].rms) < 1e-6)
    }
  }

  @Test(
    "White noise is uncorrelated within its null spread, and its average over neighbours is not")
  func white() throws {
    let shape = TiltSeriesShape(tiltCount: 4, binCount: 90, sliceCount: 33)
    let series = TiltSeries(
      noise(count: shape.slabs.count, seed: 9), shape: shape, tilts: [0, 1, 2, 3])
    let zero = FloatStorage(zeros: shape.slabs.count)
    let white = TiltResiduals(of: series, predictedBy: zero, workers: .all)
    #expect(abs(white.nullSpread - 1 / (90.0 * 33).squareRoot()) < 1e-12)
    for tilt in white.tilts {
      #expect(abs(try #require(tilt.alongBins)) < 4 * white.nullSpread)
      #expect(abs(try #require(tilt.alongSlices)) < 4 * white.nullSpread)
    }
    // (1, 2, 1) / 4 of white noise: Σ h_i h_{i+1} / Σ h_i² = 4 / 6.
    let soft = TiltResiduals(of: series.blurred(workers: .all), predictedBy: zero, workers: .all)
    for tilt in soft.tilts { #expect(abs(try #require(tilt.alongBins) - 2 / 3.0) < 0.08) }
  }
}
