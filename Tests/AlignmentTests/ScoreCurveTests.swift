import Testing

import Alignment

@Suite struct ScoreCurveTests {
  @Test("The vertex of a parabola is found exactly, with its grid refined about it")
  func vertex() {
    let curve = ScoreCurve("a", from: -8, to: 8, step: 2, fineness: 0.5) {
      ($0 - 1.3) * ($0 - 1.3) + 2
    }
    #expect(abs(curve.best - 1.3) < 1e-9 && !curve.isAtEdge)
    #expect(curve.values == curve.values.sorted() && curve.values.contains(1.5))
  }

  @Test("A score that falls to the end says so")
  func edge() {
    let curve = ScoreCurve("a", from: -2, to: 2, step: 1, fineness: 0.5) { -$0 }
    #expect(curve.isAtEdge && curve.best == 2)
  }
}
