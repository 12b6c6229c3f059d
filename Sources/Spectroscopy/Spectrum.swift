import Statistics

/// Counts in channels of energy loss, evenly spaced.
package struct Spectrum: Sendable, Hashable {
  /// eV, of the middle of each channel.
  package let energies: [Double]
  /// One per channel; below zero where too much background was subtracted, and of any scale (``valueOfACount``).
  package var counts: [Double]
  /// Beyond it an energy is refused, eV.
  static let largestEnergy = 1e7

  /// - Throws: ``SpectrumError`` for fewer than 16 channels, energies that do not grow in even steps
  ///   (to 1 %), or values that are not finite.
  package init(energies: [Double], counts: [Double]) throws(SpectrumError) {
    guard energies.count == counts.count
    else { throw .lengths(energies: energies.count, counts: counts.count) }
    guard counts.count >= 16 else { throw .tooShort(counts.count) }
    for i in counts.indices where !(counts[i].isFinite && energies[i].isFinite) {
      throw .notFinite(channel: i)
    }
    if let energy = energies.first(where: { abs($0) > Self.largestEnergy }) {
      throw .energy(energy)
    }
    try Self.checkSteps(energies)
    (self.energies, self.counts) = (energies, counts)
  }

  /// Every step against the median, so that one gap does not make all others look odd.
  private static func checkSteps(_ energies: [Double]) throws(SpectrumError) {
    let steps = zip(energies.dropFirst(), energies).map { $0 - $1 }
    if let odd = steps.firstIndex(where: { !($0 > 0) }) { throw .notIncreasing(channel: odd + 1) }
    let usual = upperMedian(steps)
    // The rounding of a written axis counts, too.
    let odd = steps.indices.filter {
      abs(steps[$0] - usual) > 0.01 * usual + 1e-9 * abs(energies[$0 + 1])
    }
    func step(_ i: Int) -> SpectrumStep {
      SpectrumStep(behind: i, at: energies[i], length: steps[i], usual: usual)
    }
    // Where a channel is missing, one step is at least twice as long.
    let gaps = odd.filter { steps[$0] > 1.5 * usual }
    if let first = gaps.first { throw .gap(step(first), count: gaps.count) }
    if let first = odd.first { throw .unevenStep(step(first), count: odd.count) }
  }

  /// Channels.
  package var count: Int { counts.count }
  /// From one channel to the next, eV.
  package var step: Double { (energies[count - 1] - energies[0]) / Double(count - 1) }
  /// From the middle of the first channel to that of the last.
  package var axis: ClosedRange<Double> { energies[0]...energies[count - 1] }

  /// The channels whose middles lie in a window.
  ///
  /// - Throws: ``SpectrumError/window(_:axis:)`` where it leaves the axis by more than half a channel.
  package func channels(_ window: ClosedRange<Double>) throws(SpectrumError) -> Range<Int> {
    guard window.lowerBound >= axis.lowerBound - step / 2,
      window.upperBound <= axis.upperBound + step / 2
    else { throw .window(window, axis: axis) }
    let rounding = 1e-6 * step
    let first = energies.firstIndex { $0 >= window.lowerBound - rounding } ?? count
    let end = energies.firstIndex { $0 > window.upperBound + rounding } ?? count
    return min(first, end)..<end
  }

  /// `Σ` of the counts in a window.
  package func integral(_ window: ClosedRange<Double>) throws(SpectrumError) -> Double {
    try channels(window).reduce(0) { $0 + counts[$1] }
  }

  /// The same axis with other counts.
  func with(_ counts: [Double]) -> Spectrum {
    var copy = self
    copy.counts = counts
    return copy
  }
}
