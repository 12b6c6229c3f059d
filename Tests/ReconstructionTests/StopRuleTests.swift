import Reconstruction
import Testing

@Suite("StopRule")
struct StopRuleTests {
  @Test("levels that nothing can fall below are refused", arguments: [0, -1, .infinity, .nan])
  func refused(level: Double) {
    for attempt in [
      { try StopRule(relativeChange: level) }, { try StopRule(noise: level) },
      { try StopRule(relativeChange: 1e-4, noise: level) },
    ] {
      #expect { try attempt() } throws: { error in
        if case ReconstructionError.tolerance = error { true } else { false }
      }
    }
  }

  @Test("no level at all is the rule that never ends a run")
  func never() throws {
    #expect(try StopRule() == .never)
    #expect(try StopRule(relativeChange: 1e-4) != .never)
  }
}
