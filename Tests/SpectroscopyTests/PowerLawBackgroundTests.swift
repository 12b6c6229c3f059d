import Fields
import RealModule
import Spectroscopy
import TestSupport
import Testing

@Suite("PowerLawBackground")
struct PowerLawBackgroundTests {
  private func law(_ noisy: Bool = false) throws -> Spectrum {
    let energies = (0..<400).map { 200 + Double($0) }
    let random = noise(count: 400, seed: 9)
    return try Spectrum(
      energies: energies,
      counts: energies.indices.map {
        let m = 5e4 * Double.pow(energies[$0] / 300, -2.9)
        // Uniform noise of the variance of counts.
        return m + (noisy ? Double(random.span[$0]) * (12 * m).squareRoot() : 0)
      })
  }

  @Test("a power law is found again, and nothing is left of it")
  func exact() throws {
    let spectrum = try law()
    let fit = try PowerLawBackground(of: spectrum, in: 250...350, before: 400)
    #expect(abs(fit.exponent - 2.9) < 1e-9)
    #expect(fit.chiSquare < 1e-9)
    #expect(abs(try fit.signal(of: spectrum, in: 400...450).integral) < 1e-4)
    #expect(fit.removed(from: spectrum).counts[0] == 0)
  }

  @Test("with counting noise χ² is near 1, and what is left lies within its standard deviation")
  func counted() throws {
    let spectrum = try law(true)
    let fit = try PowerLawBackground(of: spectrum, in: 250...350, before: 400)
    #expect(abs(fit.exponent - 2.9) < 0.05)
    #expect(0.6...1.4 ~= fit.chiSquare)
    let (integral, sigma) = try fit.signal(of: spectrum, in: 400...450)
    #expect(abs(integral) < 3 * sigma)
    // More than the counting noise in the window alone.
    #expect(sigma > (try spectrum.integral(400...450)).squareRoot())
  }

  @Test("Normalised counts have the relative error and the χ² of counts", arguments: [1e-7, 3e3])
  func normalised(unit: Double) throws {
    let counts = try SimulatedSpectra(thickness: 0.5).noisyCore
    let share = unit * 0.9371
    let shares = try Spectrum(energies: counts.energies, counts: counts.counts.map { $0 * share })
    func found(_ spectrum: Spectrum) throws -> (relative: Double, chi: Double) {
      let fit = try PowerLawBackground(of: spectrum, in: 340...398, before: 401)
      let (integral, sigma) = try fit.signal(of: spectrum, in: 401...451)
      return (sigma / integral, fit.chiSquare)
    }
    let (plain, scaled) = (try found(counts), try found(shares))
    #expect(0.85...1.15 ~= scaled.relative / plain.relative)
    #expect(0.75...1.33 ~= scaled.chi / plain.chi)
  }

  @Test("What is summed up lies behind the window of the background")
  func overlap() throws {
    let spectrum = try law()
    let fit = try PowerLawBackground(of: spectrum, in: 250...350, before: 400)
    for window in [340.0...450, 260...300, 210...240] {
      #expect(throws: SpectrumError.windowsOverlap(window, background: 250...350)) {
        try fit.signal(of: spectrum, in: window)
      }
    }
    _ = try fit.signal(of: spectrum, in: 350...380)
  }

  @Test("a window that reaches the edge, leaves the axis, is narrow or empty is refused")
  func refused() throws {
    let spectrum = try law()
    #expect(throws: SpectrumError.windowAtEdge(300...400, edge: 400)) {
      try PowerLawBackground(of: spectrum, in: 300...400, before: 400)
    }
    #expect(throws: SpectrumError.window(100...350, axis: 200...599)) {
      try PowerLawBackground(of: spectrum, in: 100...350, before: 400)
    }
    #expect(throws: SpectrumError.windowNarrow(300...305, channels: 6, needed: 10)) {
      try PowerLawBackground(of: spectrum, in: 300...305, before: 400)
    }
    let empty = try Spectrum(energies: spectrum.energies, counts: Array(repeating: 0, count: 400))
    #expect(throws: SpectrumError.windowEmpty(300...350)) {
      try PowerLawBackground(of: empty, in: 300...350, before: 400)
    }
    let low = try Spectrum(
      energies: (0..<50).map { Double($0 - 5) }, counts: Array(repeating: 9, count: 50))
    #expect(throws: SpectrumError.windowBelowZero(-3)) {
      try PowerLawBackground(of: low, in: -3...20, before: 30)
    }
  }

  @Test(
    "negative values are counted and named, and refused where the window holds no more than they take"
  )
  func negative() throws {
    let whole = try law()
    let (window, channels) = (300.0...350, try whole.channels(300...350))
    var some = whole
    some.counts[120] = -4
    let fit = try PowerLawBackground(of: some, in: window, before: 400)
    #expect(fit.negative == NegativeValues(of: some, in: channels))
    #expect(fit.negative?.count == 1 && fit.negative?.channelCount == 51)
    #expect(fit.negative?.first == -4 && fit.negative?.energy == 320)
    #expect(try PowerLawBackground(of: whole, in: window, before: 400).negative == nil)
    var below = whole
    for i in below.counts.indices { below.counts[i] = i.isMultiple(of: 2) ? -3 : 2 }
    let values = try #require(NegativeValues(of: below, in: channels))
    #expect(values.count == 26 && values.first == -3 && values.energy == 300)
    #expect(throws: SpectrumError.windowNegative(window, values)) {
      try PowerLawBackground(of: below, in: window, before: 400)
    }
  }
}
