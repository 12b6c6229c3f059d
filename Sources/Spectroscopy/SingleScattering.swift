import RealModule

/// Spectra as they would be if each electron were scattered at most once.
package enum SingleScattering {
  /// The low-loss spectrum of single scattering, by the Fourier-log method.
  ///
  ///     s(ν) = z(ν) log (j(ν) / z(ν))
  ///
  /// with the transforms of the measured spectrum and of its zero-loss peak; multiplied with `z`, the
  /// result has the resolution of the measurement. The phase of the logarithm is followed from
  /// frequency to frequency. Where `|z|²` is below the counting noise of the whole, `g Σ j` for the value g of one count
  /// (``Spectrum/valueOfACount``), it is faded out.
  ///
  /// - Reference: D. W. Johnson and J. C. H. Spence, J. Phys. D 7, 771 (1974).
  /// - Complexity: O(n log n)
  package static func fourierLog(_ lowLoss: Spectrum, _ peak: ZeroLossPeak) -> Spectrum {
    let transform = EnergyTransform(count: lowLoss.count)
    let j = transform.forward(lowLoss.counts, continued: true)
    let z = transform.forward(peak.spectrum.counts, continued: false)
    let noise = lowLoss.valueOfACount * max(peak.total, 0)
    var (re, im) = (j.re, j.im)
    var (turn, before) = (0.0, 0.0)
    for k in re.indices {
      let power = z.re[k] * z.re[k] + z.im[k] * z.im[k]
      guard power > 0 else {
        (re[k], im[k]) = (0, 0)
        continue
      }
      // j / z
      let a = (j.re[k] * z.re[k] + j.im[k] * z.im[k]) / power
      let b = (j.im[k] * z.re[k] - j.re[k] * z.im[k]) / power
      let phase = Double.atan2(y: b, x: a)
      if phase - before > .pi { turn -= 2 * .pi }
      if phase - before < -.pi { turn += 2 * .pi }
      before = phase
      let kept = power / (power + noise)
      let size = kept * .log(max((a * a + b * b).squareRoot(), 1e-12))
      let angle = kept * (phase + turn)
      re[k] = z.re[k] * size - z.im[k] * angle
      im[k] = z.re[k] * angle + z.im[k] * size
    }
    return lowLoss.with(transform.inverse((re, im)))
  }

  /// An edge of single scattering, by the Fourier-ratio method with a Wiener filter.
  ///
  ///     k₁(ν) = k(ν) z(ν) j*(ν) / (|j(ν)|² + n)
  ///
  /// with the transforms of the edge, its background removed, of the low-loss spectrum and of its
  /// zero-loss peak, which gives the result its resolution; `n = g Σ j`, for the value g of one count, is the power of the
  /// noise of the low-loss spectrum at every frequency.
  ///
  /// - Parameter edge: of the same step as the low-loss spectrum; axes may begin elsewhere.
  /// - Throws: ``SpectrumError/steps(one:other:)``
  /// - Reference: R. F. Egerton and M. J. Whelan, Philos. Mag. 30, 739 (1974).
  package static func fourierRatio(
    _ edge: Spectrum, _ lowLoss: Spectrum, _ peak: ZeroLossPeak
  ) throws(SpectrumError) -> Spectrum {
    guard abs(edge.step - lowLoss.step) <= 0.002 * lowLoss.step
    else { throw .steps(one: edge.step, other: lowLoss.step) }
    let transform = EnergyTransform(count: max(edge.count, lowLoss.count))
    func padded(_ values: [Double]) -> [Double] {
      values + Array(repeating: 0, count: transform.count - values.count)
    }
    // Only what comes at the end of the longer one can be continued smoothly.
    let k = transform.forward(padded(edge.counts), continued: edge.count == transform.count)
    let j = transform.forward(
      padded(lowLoss.counts), continued: lowLoss.count == transform.count)
    let z = transform.forward(padded(peak.spectrum.counts), continued: false)
    let noise = lowLoss.valueOfACount * max(peak.total, 0)
    var (re, im) = (k.re, k.im)
    for i in re.indices {
      let power = j.re[i] * j.re[i] + j.im[i] * j.im[i] + noise
      // z j*
      let a = (z.re[i] * j.re[i] + z.im[i] * j.im[i]) / power
      let b = (z.im[i] * j.re[i] - z.re[i] * j.im[i]) / power
      re[i] = k.re[i] * a - k.im[i] * b
      im[i] = k.re[i] * b + k.im[i] * a
    }
    return edge.with(Array(transform.inverse((re, im)).prefix(edge.count)))
  }
}
