import Statistics
import Testing

@Suite struct SecondDifferenceTests {
  private func page(_ value: (Int, Int) -> Double) -> [SecondDifference] {
    SecondDifference.sample(rowCount: 40, columnCount: 30) { Float(value($0, $1)) }
  }

  @Test("A plane has none; a single pixel has 4/6 of its height, its neighbours −2/6 and 1/6")
  func kernel() {
    #expect(page { Double(2 * $0 + 3 * $1) }.allSatisfy { $0.value == 0 })
    let values = page { $0 == 10 && $1 == 10 ? 6 : 0 }.map(\.value)
    #expect(values.filter { $0 != 0 }.sorted() == [-2, -2, -2, -2, 1, 1, 1, 1, 4])
    #expect(SecondDifference.sample(rowCount: 2, columnCount: 9) { _, _ in 0 }.isEmpty)
  }

  @Test("The deviation of noise is found beside edges")
  func deviation() {
    var random = SplitMix64(seed: 1)
    let places = page { _, column in 3 * random.gaussian() + (column < 15 ? 0 : 500) }
    let sizes = places.map { abs($0.value) }.sorted()
    #expect(abs(SecondDifference.deviation(sizes) / 3 - 1) < 0.08)
  }

  @Test("Of few counts all are measured where most are 0")
  func sparse() {
    let sizes = [Float](repeating: 0, count: 60) + [1, 1, 1, 1]
    #expect(SecondDifference.deviation(sizes) == 0)
    #expect(SecondDifference.deviation([0, 0, 0, 1, 1], isSparse: true) == 0.4.squareRoot())
  }
}
