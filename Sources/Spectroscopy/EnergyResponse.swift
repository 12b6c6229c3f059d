import Fields
package import Imaging
import Operators
import RealModule

extension PointSpread {
  /// What the instrument makes of a sharp line: the zero-loss peak, `Σ h = 1`.
  ///
  /// A `FieldBlur` with it and zero ends is the response, on a line of channels.
  ///
  /// - Throws: `BlurError` for a peak that is not positive.
  package init(response peak: ZeroLossPeak) throws(BlurError) {
    self = try PointSpread(scattering: peak.spectrum, around: peak)
  }

  /// What plural scattering makes of an edge: the low-loss spectrum over its zero-loss intensity.
  ///
  /// - Throws: `BlurError` for a spectrum that is not positive.
  package init(scattering lowLoss: Spectrum, around peak: ZeroLossPeak) throws(BlurError) {
    self = try PointSpread(
      lowLoss.counts.map { $0 / peak.intensity },
      on: Grid(rowCount: 1, columnCount: lowLoss.count), origin: [0, 0, peak.channel])
  }
}

/// The low-loss spectrum of a distribution of single scattering, with all orders.
///
///     j(ν) = z(ν) exp (s(ν) / I₀),      J(s)ᵀ y = (j / I₀) correlated with y
///
/// Channels count from the one in which nothing is lost; `s` in channel n is what is lost in n steps.
/// The line is twice as long, so that two losses together never leave it; what three and more of them
/// put beyond it wraps round, which is nothing for spectra that fall off within their axis.
///
/// - Reference: R. F. Egerton, Electron Energy-Loss Spectroscopy in the Electron Microscope, 3rd ed.
///   (2011), section 4.1.
package struct PluralScattering: ForwardModel {
  /// `z`, with its peak in the channel where that of the spectrum is.
  package let zeroLoss: [Double]
  /// `I₀`
  package let intensity: Double
  private let transform: EnergyTransform
  private let z: EnergyTransform.Coefficients

  /// - Parameter zeroLoss: `z`; positive altogether.
  package init(zeroLoss: [Double]) throws(SpectrumError) {
    guard zeroLoss.count >= 2 else { throw .tooShort(zeroLoss.count) }
    intensity = zeroLoss.reduce(0, +)
    guard intensity > 0 else { throw .nothingLost }
    self.zeroLoss = zeroLoss
    transform = EnergyTransform(count: zeroLoss.count)
    z = transform.forward(zeroLoss, continued: false)
  }

  package var domainCount: Int { zeroLoss.count }
  package var rangeCount: Int { zeroLoss.count }

  /// `J(s)` in double precision.
  package func spectrum(of single: [Double]) -> [Double] {
    transform.inverse(coefficients(of: single))
  }

  /// The whole derivative's adjoint in double precision.
  package func pullBack(_ y: [Double], at single: [Double]) -> [Double] {
    let j = coefficients(of: single)
    var x = transform.forward(y, continued: false)
    for k in x.re.indices {
      let (a, b) = (j.re[k] / intensity, -j.im[k] / intensity)
      (x.re[k], x.im[k]) = (a * x.re[k] - b * x.im[k], a * x.im[k] + b * x.re[k])
    }
    return transform.inverse(x)
  }

  package func apply(_ x: Span<Float>, into y: consuming MutableSpan<Float>) {
    let spectrum = spectrum(of: x.indices.map { Double(x[$0]) })
    for i in y.indices { y[i] = Float(spectrum[i]) }
  }

  package func applyDerivativeAdjoint(
    _ y: Span<Float>, at point: Span<Float>, into x: consuming MutableSpan<Float>
  ) {
    let pulled = pullBack(
      y.indices.map { Double(y[$0]) }, at: point.indices.map { Double(point[$0]) })
    for i in x.indices { x[i] = Float(pulled[i]) }
  }

  private func coefficients(of single: [Double]) -> EnergyTransform.Coefficients {
    var s = transform.forward(single, continued: false)
    for k in s.re.indices {
      let size = Double.exp(s.re[k] / intensity)
      let angle = s.im[k] / intensity
      let (a, b) = (size * .cos(angle), size * .sin(angle))
      (s.re[k], s.im[k]) = (z.re[k] * a - z.im[k] * b, z.re[k] * b + z.im[k] * a)
    }
    return s
  }
}
