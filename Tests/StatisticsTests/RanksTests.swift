import Statistics
import Testing

@Suite struct RanksTests {
  @Test("Of an even number of values the median is between the two in the middle, or the upper one")
  func medians() {
    #expect(median([4, 1, 3, 2]) == 2.5 && upperMedian([4, 1, 3, 2]) == 3)
    #expect(median([5, 1, 3]) == 3 && upperMedian([5, 1, 3] as [Float]) == 3)
    #expect(median([]) == 0 && upperMedian([Double]()) == 0)
  }

  @Test("One value that stands out does not change the robust deviation")
  func deviation() {
    #expect(robustDeviation([1, 2, 3, 4, 1000]) == 1.4826)
    #expect(robustDeviation([1, 2, 3, 4], median) == 1.4826)
    #expect(robustDeviation([1, 2, 3, 4]) == 1.4826)
  }

  @Test("Quantiles are values of nearest rank, the largest one included")
  func quantiles() {
    let values = (0..<10).map { Float($0) }
    #expect([0, 0.25, 0.5, 1].map { quantile(values, $0) } == [0, 2, 5, 9])
  }

  @Test("Even places do not keep to a few columns")
  func places() {
    for columnCount in [3, 16, 64] {
      let places = Array(evenPlaces(of: 4_096, columnCount: columnCount, most: 1_000))
      #expect(places.count <= 1_333 && places.allSatisfy { $0 < 4_096 })
      #expect(Set(places.map { $0 % columnCount }).count == columnCount)
    }
  }
}
