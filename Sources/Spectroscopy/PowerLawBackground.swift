import RealModule

/// The background below an ionisation edge, `A E⁻ʳ`, fitted in a window before it.
///
/// The likelihood of the counts under Poisson noise is made largest by Fisher's scoring, in `a` and
/// `r` of `m = exp(a − r log(E / E₀))` with `E₀` in the middle of the window:
///
///     (Σ m u uᵀ) Δ = Σ (c − m) u,   u = (1, −log(E / E₀))
///
/// so that weak channels neither bias the fit nor need a logarithm.
///
/// - Reference: R. F. Egerton, Electron Energy-Loss Spectroscopy in the Electron Microscope, 3rd ed.
///   (2011), section 4.4; P. McCullagh and J. Nelder, Generalized Linear Models (1989), section 2.5.
package struct PowerLawBackground: Sendable, Hashable {
  /// A window holds at least this many channels.
  package static let leastChannels = 10

  /// Where it was fitted, eV.
  package let window: ClosedRange<Double>
  /// `r`
  package let exponent: Double
  /// `A E₀⁻ʳ`: the counts expected at `E₀`.
  package let height: Double
  /// `E₀`, eV
  package let reference: Double
  /// `Σ (c − m)² / (g m)` over the degrees of freedom: about 1 for counts that follow the law.
  package let chiSquare: Double
  /// `g`: the value of one count.
  package let valueOfACount: Double
  /// The root mean square of `c − m` over the mean of `m`.
  package let relativeResidual: Double
  /// Values of the window that are below zero and were fitted as 0.
  package let negative: NegativeValues?
  /// The covariance of `(a, r)`.
  private let covariance: [Double]

  /// - Parameter edge: where the edge begins, eV.
  /// - Throws: ``SpectrumError`` for a window that leaves the spectrum, reaches the edge or 0 eV, holds
  ///   too few channels, no counts, or values whose sum is not above zero.
  package init(
    of spectrum: Spectrum, in window: ClosedRange<Double>, before edge: Double
  ) throws(SpectrumError) {
    guard window.upperBound < edge else { throw .windowAtEdge(window, edge: edge) }
    let channels = try spectrum.channels(window)
    guard channels.count >= Self.leastChannels else {
      throw .windowNarrow(window, channels: channels.count, needed: Self.leastChannels)
    }
    guard spectrum.energies[channels.lowerBound] > 0
    else { throw .windowBelowZero(spectrum.energies[channels.lowerBound]) }
    let counts = channels.map { max(0, spectrum.counts[$0]) }
    let mean = counts.reduce(0, +) / Double(counts.count)
    negative = NegativeValues(of: spectrum, in: channels)
    if let negative, channels.reduce(0, { $0 + spectrum.counts[$1] }) <= 0 {
      throw .windowNegative(window, negative)
    }
    guard mean > 0 else { throw .windowEmpty(window) }
    let middle =
      (spectrum.energies[channels.lowerBound] + spectrum.energies[channels.upperBound - 1]) / 2
    let logs = channels.map { Double.log(spectrum.energies[$0] / middle) }
    var (a, r) = (Double.log(mean), 0.0)
    var inverse = [0.0, 0, 0]
    for _ in 0..<50 {
      var (s, t, u, v, w) = (0.0, 0.0, 0.0, 0.0, 0.0)
      for (count, log) in zip(counts, logs) {
        let m = Double.exp(a - r * log)
        s += m
        t -= m * log
        u += m * log * log
        v += count - m
        w -= (count - m) * log
      }
      let det = s * u - t * t
      guard det > 0 else { break }
      inverse = [u / det, -t / det, s / det]
      let (da, dr) = (inverse[0] * v + inverse[1] * w, inverse[1] * v + inverse[2] * w)
      // A long first step would overshoot the exponential.
      let limit = max(1, abs(da), abs(dr) / 4)
      (a, r) = (a + da / limit, r + dr / limit)
      if abs(da) + abs(dr) < 1e-12 * (1 + abs(r)) { break }
    }
    (self.window, exponent, height, reference) = (window, r, .exp(a), middle)
    covariance = inverse
    var (chi, squares) = (0.0, 0.0)
    for (count, log) in zip(counts, logs) {
      let m = Double.exp(a - r * log)
      chi += (count - m) * (count - m) / m
      squares += (count - m) * (count - m)
    }
    valueOfACount = spectrum.valueOfACount
    chiSquare = chi / Double(counts.count - 2) / valueOfACount
    relativeResidual = (squares / Double(counts.count)).squareRoot() / mean
  }

  /// Counts expected in a channel; 0 at and below 0 eV.
  package func value(at energy: Double) -> Double {
    energy > 0 ? height * .exp(-exponent * .log(energy / reference)) : 0
  }

  /// `c − m` from the window on; zero before it, where the law does not hold.
  package func removed(from spectrum: Spectrum) -> Spectrum {
    spectrum.with(
      spectrum.counts.indices.map {
        let energy = spectrum.energies[$0]
        return energy < window.lowerBound ? 0 : spectrum.counts[$0] - value(at: energy)
      })
  }

  /// The integral of what is left in a window, and its standard deviation: counting noise there, and
  /// that of the extrapolated background.
  ///
  ///     var = g (Σ c + sᵀ C s),   s = Σ m u
  ///
  /// - Throws: ``SpectrumError/windowsOverlap(_:background:)`` for a window that does not lie behind that of the background.
  package func signal(
    of spectrum: Spectrum, in window: ClosedRange<Double>
  ) throws(SpectrumError) -> (integral: Double, sigma: Double) {
    try checkBehind(window)
    let channels = try spectrum.channels(window)
    var (sum, noise, ga, gr) = (0.0, 0.0, 0.0, 0.0)
    for i in channels {
      let m = value(at: spectrum.energies[i])
      sum += spectrum.counts[i] - m
      noise += max(0, spectrum.counts[i])
      ga += m
      gr -= m * .log(max(spectrum.energies[i], 1e-9) / reference)
    }
    let c = covariance
    let variance = noise + ga * ga * c[0] + 2 * ga * gr * c[1] + gr * gr * c[2]
    return (sum, (valueOfACount * variance).squareRoot())
  }

  /// Before and in the window of the background there is no signal to sum up.
  package func checkBehind(_ signal: ClosedRange<Double>) throws(SpectrumError) {
    guard signal.lowerBound >= window.upperBound else {
      throw .windowsOverlap(signal, background: window)
    }
  }
}
