import RealModule

/// The electrons that lost nothing: where they lie, how wide, and how many.
///
/// The peak is the largest channel within 10 eV of 0. Half of its height is met, linearly
/// interpolated, at two energies: their mean is its centre, their distance its width. It ends at the least of
/// the channels between one width and 10 eV above it, unless it is said where; beyond, there is none of it.
///
///     t/λ = log (I_total / I₀)
///
/// - Reference: R. F. Egerton, Electron Energy-Loss Spectroscopy in the Electron Microscope, 3rd ed.
///   (2011), section 5.1.
package struct ZeroLossPeak: Sendable, Hashable {
  /// Midway between its two points of half height, eV.
  package let centre: Double
  /// Full width at half maximum, eV.
  package let width: Double
  /// Where it ends, eV.
  package let end: Double
  /// The channel of the maximum.
  package let channel: Int
  /// `I₀`
  package let intensity: Double
  /// `I_total`
  package let total: Double
  /// The peak by itself, on the axis of its spectrum.
  package let spectrum: Spectrum

  /// - Parameter end: where it ends, eV.
  /// - Throws: ``SpectrumError`` where there is no peak near 0 eV, or it cannot end there.
  package init(of lowLoss: Spectrum, endingAt end: Double? = nil) throws(SpectrumError) {
    let (counts, energies) = (lowLoss.counts, lowLoss.energies)
    let near = counts.indices.filter { abs(energies[$0]) <= 10 }
    guard let peak = near.max(by: { counts[$0] < counts[$1] }), counts[peak] > 0,
      peak > 0, peak < counts.count - 1, peak != near.first, peak != near.last
    else { throw .noZeroLoss(axis: lowLoss.axis) }
    let half = counts[peak] / 2
    func crossing(_ direction: Int) -> Double {
      var i = peak
      while counts.indices.contains(i + direction), counts[i + direction] > half { i += direction }
      let next = i + direction
      guard counts.indices.contains(next) else { return energies[i] }
      let part = (counts[i] - half) / (counts[i] - counts[next])
      return energies[i] + part * (energies[next] - energies[i])
    }
    let (low, high) = (crossing(-1), crossing(1))
    centre = (low + high) / 2
    width = high - low
    channel = peak
    let last: Int
    if let end {
      guard end > energies[peak], end <= lowLoss.axis.upperBound
      else { throw .separation(end, peak: energies[peak]) }
      last = (energies.lastIndex { $0 <= end + 1e-9 }) ?? peak
    } else {
      let width = high - low
      let first = energies[peak] + width
      let reach = counts.indices.filter {
        energies[$0] > first && energies[$0] <= energies[peak] + max(10, 4 * width)
      }
      last = reach.min { counts[$0] < counts[$1] } ?? peak
    }
    self.end = energies[last]
    let own = counts.indices.map { $0 <= last ? counts[$0] : 0 }
    spectrum = lowLoss.with(own)
    intensity = own.reduce(0, +)
    total = counts.reduce(0, +)
    guard total > intensity * (1 + 1e-9), intensity > 0 else { throw .nothingLost }
  }

  /// `t/λ`, the thickness in mean free paths; too small where the spectrum ends before it has decayed.
  package var relativeThickness: Double { .log(total / intensity) }
}
