import Spectroscopy
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

  @Test(
    "Normalised spectra of any unit give the same up to that unit", arguments: [1e-9, 1e-3, 33.3])
  func units(unit: Double) throws {
    let simulated = try SimulatedSpectra(thickness: 1)
    // A share that is no whole number, so that nothing is taken for counts.
    let share = unit * 0.9371
    func scaled(_ spectrum: Spectrum) throws -> Spectrum {
      try Spectrum(energies: spectrum.energies, counts: spectrum.counts.map { $0 * share })
    }
    func distance(_ a: Spectrum, _ b: Spectrum, _ factor: Double) -> Double {
      let squares = zip(a.counts, b.counts).map { ($0 / factor - $1, $1) }
      return (squares.reduce(0) { $0 + $1.0 * $1.0 } / squares.reduce(0) { $0 + $1.1 * $1.1 })
        .squareRoot()
    }
    let low = simulated.noisyLow
    #expect(low.valueOfACount == 1)
    let faint = try scaled(low)
    #expect(0.8...1.25 ~= faint.valueOfACount / share)
    let plain = SingleScattering.fourierLog(low, try ZeroLossPeak(of: low))
    let log = SingleScattering.fourierLog(faint, try ZeroLossPeak(of: faint))
    #expect(distance(log, plain, share) < 0.01)
    let background = try PowerLawBackground(of: simulated.noisyCore, in: 340...398, before: 401)
    let edge = background.removed(from: simulated.noisyCore)
    let ratio = try SingleScattering.fourierRatio(edge, low, try ZeroLossPeak(of: low))
    let other = try SingleScattering.fourierRatio(edge, faint, try ZeroLossPeak(of: faint))
    #expect(distance(other, ratio, 1) < 0.01)
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
