import Statistics
import Testing

@Suite struct SplitMix64Tests {
  @Test("Numbers are those of the reference implementation in C (Vigna 2015) for the seed 1234567")
  func reference() {
    var random = SplitMix64(seed: 1_234_567)
    #expect(
      (0..<5).map { _ in random.next() } == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
        4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
      ])
  }

  @Test("The hash of place n is the n-th number of the seed 0")
  func hash() {
    var random = SplitMix64(seed: 0)
    #expect((1...4).map { SplitMix64.hash($0) } == (0..<4).map { _ in random.next() })
  }

  @Test("Every pixel has its own numbers, whose moments are those of their distributions")
  func moments() {
    var (uniform, square, normal, variance) = (0.0, 0.0, 0.0, 0.0)
    let count = 100_000
    for i in 0..<count {
      var random = SplitMix64(seed: 3, tilt: i % 7, slice: i % 11, bin: i)
      let (u, g) = (random.uniform(within: 1), random.gaussian())
      (uniform, square, normal, variance) = (
        uniform + u, square + u * u, normal + g, variance + g * g
      )
    }
    let n = Double(count)
    #expect(abs(uniform / n) < 0.01 && abs(square / n - 1 / 3.0) < 0.01)
    #expect(abs(normal / n) < 0.02 && abs(variance / n - 1) < 0.02)
  }
}
