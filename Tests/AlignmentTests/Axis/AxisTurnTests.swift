import Testing

import Alignment

@Suite struct AxisTurnTests {
  @Test(
    "A turn is found where its interval leaves out what was told",
    arguments: [
      (5, 0.3, AxisTurn.Verdict.found), (0.5, 0.8, .agrees), (0.5, 3, .undetermined),
      (5, 3, .found), (4, 3, .undetermined), (9.5, 0.5, .beyond), (8.4, 0.5, .found),
    ])
  func verdict(found: Double, error: Double, verdict: AxisTurn.Verdict) {
    // About a told angle of 20°, on either side.
    for side in [1.0, -1] {
      let turn = AxisTurn(
        found: 20 + side * found, error: error, told: 20, range: 8, isBeyond: false)
      #expect(turn.verdict == verdict)
      #expect((turn.warning(range: 8) == nil) == (verdict == .found || verdict == .agrees))
    }
  }

  @Test("A curve without a lowest place tells nothing, or that the turn lies farther")
  func none() {
    for isBeyond in [false, true] {
      let turn = AxisTurn(
        found: nil, error: .infinity, told: 0, range: 8, isBeyond: isBeyond)
      #expect(turn.verdict == (isBeyond ? .beyond : .undetermined))
      #expect(turn.warning(range: 8)?.contains("Widen") == isBeyond)
    }
  }

  @Test("A turn that made nothing better is not called unknown, nor a range to widen")
  func dismissed() throws {
    var turn = AxisTurn(found: 5, error: 0.3, told: 0, range: 8, isBeyond: false)
    turn.dismiss()
    #expect(turn.verdict == .dismissed)
    let words = try #require(turn.warning(range: 8))
    #expect(
      words.contains("5° ± 0.3°") && !words.contains("Widen") && !words.contains("do not determine")
    )
    var unknown = AxisTurn(found: 1, error: 3, told: 0, range: 8, isBeyond: false)
    unknown.dismiss()
    #expect(unknown.verdict == .undetermined)
  }
}
