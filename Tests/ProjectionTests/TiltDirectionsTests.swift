import Projection
import Testing

@Suite("TiltDirections")
struct TiltDirectionsTests {
  @Test("are sorted, with the tilts that share each, and gaps that go once round")
  func order() {
    let directions = TiltDirections(radians([20, -40, 5, -40, -30]))
    #expect(directions.members == [[1, 3], [4], [2], [0]])
    #expect(zip(directions.gaps, radians([10, 35, 15, 120])).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(directions.widest == 3 && directions.holes == [3])
  }

  @Test("−90° and +90° are one direction, and a full range has no hole")
  func full() {
    let directions = TiltDirections(radians(Array(stride(from: -90, through: 90, by: 2))))
    #expect(directions.angles.count == 90 && directions.isClosed && directions.holes.isEmpty)
  }

  @Test("a gap inside the range that is four times the median is a hole too")
  func holes() {
    let tilts =
      Array(stride(from: -60.0, through: -20, by: 2)) + stride(from: 20, through: 60, by: 2)
    let directions = TiltDirections(radians(tilts))
    #expect(directions.holes == [20, 41])
    #expect(TiltDirections([0.3]).holes == [0])
  }

  @Test("Among few directions a gap above 30° is a hole, whatever the others are")
  func few() {
    #expect(TiltDirections(radians([0, 70])).holes == [1])
    #expect(TiltDirections(radians([-70, -42, -14, 14, 42, 70])).holes == [5])
    #expect(TiltDirections(radians(Array(stride(from: -75, through: 75, by: 30)))).holes == [])
  }
}

func radians(_ degrees: [Double]) -> [Double] { degrees.map { $0 * .pi / 180 } }
