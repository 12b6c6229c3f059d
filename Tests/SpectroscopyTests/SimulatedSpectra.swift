import Foundation
import Spectroscopy
import TestSupport
import Testing

/// A low-loss spectrum and an edge with plural scattering, made by Golden/make_spectra.py.
struct SimulatedSpectra {
  let zeroLoss: Spectrum
  let single: Spectrum
  let low: Spectrum
  let noisyLow: Spectrum
  let edge: Spectrum
  let core: Spectrum
  let noisyCore: Spectrum

  static let thicknesses = [0.5, 1.0]
  static let window = 401.0...451.0

  init(thickness: Double) throws {
    let values = try goldenDoubles("spectra.f64", in: .module)
    let (n, m) = (1024, 1200)
    let place = try #require(Self.thicknesses.firstIndex(of: thickness))
    var start = place * (5 * n + 4 * m)
    func next(_ count: Int) -> [Double] {
      defer { start += count }
      return Array(values[start..<start + count])
    }
    let axis = next(n)
    zeroLoss = try Spectrum(energies: axis, counts: next(n))
    single = try Spectrum(energies: axis, counts: next(n))
    low = try Spectrum(energies: axis, counts: next(n))
    noisyLow = try Spectrum(energies: axis, counts: next(n))
    let core = next(m)
    edge = try Spectrum(energies: core, counts: next(m))
    self.core = try Spectrum(energies: core, counts: next(m))
    noisyCore = try Spectrum(energies: core, counts: next(m))
  }
}
