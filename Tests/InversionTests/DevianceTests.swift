import Inversion
import Testing

@Suite("Deviance")
struct DevianceTests {
  @Test("3 where 2 are expected have 2 (2 − 3 + 3 log 1.5), and none where 2 are expected have 4")
  func byHand() {
    #expect(abs(Deviance.of(3, mean: 2) - 0.432790649) < 1e-8)
    #expect(Deviance.of(0, mean: 2) == 4)
    #expect(Deviance.of(5, mean: 5) == 0)
  }

  /// Golden/make_deviance.py
  @Test(
    "the expected deviance is that of direct summation",
    arguments: [
      (1e-3, 0.013816896564699945), (0.1, 0.4740978476599372), (0.5, 1.0070175690293757),
      (1, 1.1468056182452404), (2, 1.1394038416869432), (5, 1.0466769663808244),
      (10, 1.0188285396938768), (30, 1.0057537492748863), (64, 1.002646121854089),
    ])
  func expected(mean: Double, value: Double) {
    #expect(abs(Deviance.expected(mean: mean) / value - 1) < 1e-4)
  }

  @Test("nothing is expected of no counts, and the sum meets the series for many without a jump")
  func ends() {
    #expect(Deviance.expected(mean: 0) == 0)
    let (below, above) = (Deviance.expected(mean: 31.999), Deviance.expected(mean: 32.001))
    #expect(abs(below - above) < 2e-5)
  }
}
