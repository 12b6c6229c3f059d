import Fields
import Quality
import TestSupport
import Testing

@Suite("NoiseLevel")
struct NoiseLevelTests {
  @Test("is estimated where every tilt holds noise, and unknown where some tilts hide it")
  func estimate() throws {
    let shape = TiltSeriesShape(tiltCount: 5, binCount: 40, sliceCount: 30)
    var series = TiltSeries(zeros: shape, tilts: [-60, -30, 0, 30, 60])
    let values = noise(count: shape.slabs.valueCount, seed: 3)
    for i in 0..<shape.slabs.valueCount {
      let (tilt, rest) = i.quotientAndRemainder(dividingBy: 1200)
      series[tilt, rest / 40, rest % 40] = values.span[i]
    }
    // Uniform noise on −½ … ½ has the standard deviation 0.289.
    let level = try #require(NoiseLevel(estimating: series, workers: Workers(2)))
    #expect(abs(level.sigma - 0.289) < 0.03)
    // A count here and there leaves the middle of all differences at zero.
    for rest in 0..<1200 { series[4, rest / 40, rest % 40] = rest % 97 == 0 ? 1 : 0 }
    #expect(NoiseLevel(estimating: series, workers: Workers(2)) == nil)
  }
}
