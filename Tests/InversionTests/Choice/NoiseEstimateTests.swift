import Fields
import Inversion
import TestSupport
import Testing

@Suite("NoiseEstimate")
struct NoiseEstimateTests {
  /// A bright disc with sharp edges on a slope, in seven tilts of 40 slices × 60 bins.
  func series(sigma: Float) -> TiltSeries {
    let shape = TiltSeriesShape(tiltCount: 7, binCount: 60, sliceCount: 40)
    var series = TiltSeries(zeros: shape, tilts: (0..<7).map { Double($0) })
    let uniform = noise(count: 12 * shape.slabs.count, seed: 11)
    for tilt in 0..<7 {
      for y in 0..<40 {
        for bin in 0..<60 {
          let place = 12 * shape.slabs.index(slice: y, page: tilt, position: bin)
          // Twelve uniform numbers of variance 1/12 make one of variance 1.
          let gaussian = (0..<12).reduce(Float(0)) { $0 + uniform.span[place + $1] }
          let inside = (bin - 25) * (bin - 25) + (y - 20) * (y - 20) < 150
          series[tilt, y, bin] = (inside ? 40 : 0) + 0.2 * Float(bin) + sigma * gaussian
        }
      }
    }
    return series
  }

  @Test("the noise of a series with a sharp object comes back within 10 %", arguments: [0.1, 1, 5])
  func sigma(level: Float) throws {
    let estimate = try #require(NoiseEstimate(series(sigma: level)))
    #expect(abs(estimate.sigma / Double(level) - 1) < 0.1)
    #expect(estimate.perTilt.count == 7)
    #expect(estimate.spread < 0.1)
  }

  @Test("a series of two slices has no estimate")
  func tooSmall() {
    let shape = TiltSeriesShape(tiltCount: 1, binCount: 10, sliceCount: 2)
    #expect(NoiseEstimate(TiltSeries(zeros: shape, tilts: [0])) == nil)
  }
}
