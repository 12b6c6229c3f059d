import Deblurring
import Testing

@Suite("SingleScattering")
struct SingleScatteringTests {
  @Test(
    "Fourier-ratio gives the integral of an edge over 50 eV within 1 %, and within 5 % with noise",
    arguments: SimulatedSpectra.thicknesses, [false, true])
  func edge(thickness: Double, isNoisy: Bool) throws {
    let simulated = try SimulatedSpectra(thickness: thickness)
    let core = isNoisy ? simulated.noisyCore : simulated.core
    let low = isNoisy ? simulated.noisyLow : simulated.low
    let background = try PowerLawBackground(of: core, in: 340...398, before: 401)
    let peak = try ZeroLossPeak(of: low)
    let single = try SingleScattering.fourierRatio(
      background.removed(from: core), low, peak)
    let found = try single.integral(SimulatedSpectra.window)
    let truth = try simulated.edge.integral(SimulatedSpectra.window)
    let uncorrected = try background.signal(of: core, in: SimulatedSpectra.window).integral
    #expect(abs(found / truth - 1) < (isNoisy ? 0.05 : 0.01))
    #expect(uncorrected / truth > 1 + 0.3 * thickness)
  }

  @Test(
    "Fourier-log gives single scattering back channel by channel, with or without noise",
    arguments: SimulatedSpectra.thicknesses, [false, true])
  func lowLoss(thickness: Double, isNoisy: Bool) throws {
    let simulated = try SimulatedSpectra(thickness: thickness)
    let low = isNoisy ? simulated.noisyLow : simulated.low
    let peak = try ZeroLossPeak(of: low)
    let single = SingleScattering.fourierLog(low, peak)
    let highest = simulated.single.counts.max() ?? 0
    let window = try simulated.single.channels(5...100)
    let worst = window.reduce(0) {
      max($0, abs(single.counts[$1] - simulated.single.counts[$1]))
    }
    #expect(worst < (isNoisy ? 0.05 : 0.01) * highest)
  }

  @Test("t/λ comes from the logarithm of the whole over the zero loss", arguments: [0.5, 1])
  func thickness(thickness: Double) throws {
    let simulated = try SimulatedSpectra(thickness: thickness)
    let peak = try ZeroLossPeak(of: simulated.noisyLow)
    #expect(abs(peak.relativeThickness - thickness) < 0.01)
    #expect(abs(peak.width - 1) < 0.06)
    #expect(abs(peak.centre) < 0.05)
  }

  @Test("spectra of different steps are refused")
  func steps() throws {
    let simulated = try SimulatedSpectra(thickness: 0.5)
    let coarse = try Spectrum(
      energies: (0..<100).map { 300 + Double($0) }, counts: (0..<100).map { Double($0) })
    let peak = try ZeroLossPeak(of: simulated.low)
    #expect(throws: SpectrumError.steps(one: 1, other: 0.5)) {
      try SingleScattering.fourierRatio(coarse, simulated.low, peak)
    }
  }
}
