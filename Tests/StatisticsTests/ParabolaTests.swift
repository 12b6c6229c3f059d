import Statistics
import Testing

@Suite struct ParabolaTests {
  @Test("The lowest place of a parabola is found, in equal steps and in others")
  func lowest() {
    func value(_ x: Double) -> Double { 3 * (x - 0.25) * (x - 0.25) + 7 }
    #expect(lowestPlace(value(-1), value(0), value(1)) == 0.25)
    let t = [-1.0, 0, 2]
    #expect(abs(lowestPlace(t, t.map(value)) - 0.25) < 1e-15)
  }

  @Test("Without a lowest place the middle one stands, and none lies beyond the ends")
  func none() {
    #expect(lowestPlace(1, 2, 3) == 0 && lowestPlace(0, 1, 0) == 0)
    #expect(lowestPlace([0, 1, 2], [1, 2, 3]) == 1)
    #expect(lowestPlace([0, 1, 2], [0, 1, 2.1]) == 0)
  }
}
