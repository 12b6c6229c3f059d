import Testing

import Alignment

@Suite struct HeldOutTests {
  @Test(
    "What neither prediction nor noise explains decides",
    arguments: [
      (0.02, 0.0, HeldOut.Verdict.good), (0.6, 0.57, .good), (0.79, 0.69, .poor),
      (0.25, 0.05, .fair), (0.6, 0.1, .poor),
      (0.95, 0.9, .noise),
    ])
  func verdict(error: Double, noise: Double, verdict: HeldOut.Verdict) {
    #expect(HeldOut(error: error, noise: noise).verdict == verdict)
  }

  @Test("Noise after smoothing, against the sums of squared binomial weights")
  func smoothing() {
    // (1, 4, 6, 4, 1)/16 twice over: 70/256 along a line. Order 6: 924/4096.
    #expect(whiteVariance(smoothedTimes: 0) == 1)
    #expect(abs(whiteVariance(smoothedTimes: 1) - 0.375 * 0.375) < 1e-12)
    #expect(abs(whiteVariance(smoothedTimes: 2) - (70.0 / 256) * (70.0 / 256)) < 1e-12)
    #expect(abs(whiteVariance(smoothedTimes: 3) - (924.0 / 4096) * (924.0 / 4096)) < 1e-12)
  }
}
