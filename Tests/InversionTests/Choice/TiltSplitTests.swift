import Inversion
import Testing

@Suite struct TiltSplitTests {
  @Test("Halves take turns by angle, whatever the order of the series")
  func halves() {
    let tilts: [Double] = [0, 10, -10, 20, -20]
    let (even, odd) = TiltSplit.halves(tilts)
    #expect(even.map { tilts[$0] } == [-20, 0, 20])
    #expect(odd.map { tilts[$0] } == [-10, 10])
  }

  @Test("Every fifth tilt is left out, and never an outermost one")
  func heldOut() {
    for count in 5...40 {
      let tilts = (0..<count).map { Double(count - 1 - $0) }
      let (left, kept) = TiltSplit.heldOut(tilts)
      #expect(left.count == (count + 2) / 5 - (count % 5 == 3 ? 1 : 0))
      #expect(Set(left + kept).count == count)
      #expect(!left.contains { tilts[$0] == 0 || tilts[$0] == Double(count - 1) })
      #expect(zip(left, left.dropFirst()).allSatisfy { tilts[$1] - tilts[$0] == 5 })
    }
  }

  @Test("Folds leave each tilt but the ends out once, and none of weight zero")
  func folds() {
    let tilts = (0..<11).map(Double.init)
    let folds = TiltSplit.folds(tilts, weights: tilts.map { $0 == 5 ? 0 : 1 })
    #expect(folds.flatMap(\.left).sorted() == [1, 2, 3, 4, 6, 7, 8, 9])
    #expect(folds.allSatisfy { Set($0.left + $0.kept).count == 11 })
  }

  @Test("The lowest tenth is left out as a wedge, at least one, whatever the order of the series")
  func outermost() {
    for (count, expected) in [(5, 1), (19, 1), (20, 2), (71, 7)] {
      let tilts = (0..<count).map { Double(count - 1 - $0) }
      let (left, kept) = TiltSplit.outermost(tilts)
      #expect(left.map { tilts[$0] } == (0..<expected).map(Double.init))
      #expect(kept.map { tilts[$0] } == (expected..<count).map(Double.init))
    }
  }
}
