import AlgebraicReconstruction
import Testing

@Suite("TiltOrder")
struct TiltOrderTests {
  static let orders = [TiltOrder.sequential, .random(seed: 9), .golden, .multilevel]

  @Test("each order visits every tilt once", arguments: orders, [1, 2, 3, 8, 71])
  func permutations(order: TiltOrder, count: Int) {
    let tilts = (0..<count).map { Double($0 * 37 % count) }
    for sweep in 1...3 {
      #expect(order.visits(tilts, sweep: sweep).sorted() == Array(0..<count))
    }
  }

  @Test("levels halve the range as Guan and Gordon do")
  func multilevel() {
    #expect(
      TiltOrder.multilevel.visits((0..<8).map(Double.init), sweep: 1) == [0, 4, 2, 6, 1, 5, 3, 7])
  }

  @Test("the golden section leaps by about two fifths of the range")
  func golden() {
    #expect(
      TiltOrder.golden.visits((0..<10).map(Double.init), sweep: 4) == [
        0, 6, 2, 8, 4, 1, 7, 3, 9, 5,
      ])
  }

  @Test("leaps follow the angles, not the order of acquisition")
  func ranked() {
    #expect(TiltOrder.multilevel.visits([0, 10, -10, 20, -20, 30, -30, 40], sweep: 1).first == 6)
  }

  @Test("a random order depends on the seed and the sweep alone")
  func random() {
    let tilts = (0..<71).map(Double.init)
    let one = TiltOrder.random(seed: 1)
    #expect(one.visits(tilts, sweep: 1) == one.visits(tilts, sweep: 1))
    #expect(one.visits(tilts, sweep: 1) != one.visits(tilts, sweep: 2))
    #expect(one.visits(tilts, sweep: 1) != TiltOrder.random(seed: 2).visits(tilts, sweep: 1))
  }
}
