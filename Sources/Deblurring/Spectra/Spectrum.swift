/// Counts in channels of energy loss, evenly spaced.
public struct Spectrum: Sendable, Hashable {
  /// eV, of the middle of each channel.
  public let energies: [Double]
  public var counts: [Double]
  /// eV
  static let largestEnergy = 1e7

  /// - Throws: ``SpectrumError`` for fewer than 16 channels, energies that do not grow in even steps
  ///   (to 1 %), or values that are not finite.
  public init(energies: [Double], counts: [Double]) throws(SpectrumError) {
    guard energies.count == counts.count
    else { throw .lengths(energies: energies.count, counts: counts.count) }
    guard counts.count >= 16 else { throw .tooShort(counts.count) }
    for i in counts.indices where !(counts[i].isFinite && energies[i].isFinite) {
      throw .notFinite(channel: i)
    }
    if let energy = energies.first(where: { abs($0) > Self.largestEnergy }) {
      throw .energy(energy)
    }
    let step = (energies[energies.count - 1] - energies[0]) / Double(energies.count - 1)
    for i in 1..<energies.count {
      let own = energies[i] - energies[i - 1]
      guard own > 0 else { throw .notIncreasing(channel: i) }
      // The rounding of a written axis counts, too.
      guard abs(own - step) <= 0.01 * step + 1e-9 * abs(energies[i])
      else { throw .unevenStep(channel: i, step: own, expected: step) }
    }
    (self.energies, self.counts) = (energies, counts)
  }

  public var count: Int { counts.count }
  /// eV
  public var step: Double { (energies[count - 1] - energies[0]) / Double(count - 1) }
  /// From the middle of the first channel to that of the last.
  public var axis: ClosedRange<Double> { energies[0]...energies[count - 1] }

  /// The channels whose middles lie in a window.
  ///
  /// - Throws: ``SpectrumError/window(_:axis:)`` where it leaves the axis by more than half a channel.
  public func channels(_ window: ClosedRange<Double>) throws(SpectrumError) -> Range<Int> {
    guard window.lowerBound >= axis.lowerBound - step / 2,
      window.upperBound <= axis.upperBound + step / 2
    else { throw .window(window, axis: axis) }
    let rounding = 1e-6 * step
    let first = energies.firstIndex { $0 >= window.lowerBound - rounding } ?? count
    let end = energies.firstIndex { $0 > window.upperBound + rounding } ?? count
    return min(first, end)..<end
  }

  /// `Σ` of the counts in a window.
  public func integral(_ window: ClosedRange<Double>) throws(SpectrumError) -> Double {
    try channels(window).reduce(0) { $0 + counts[$1] }
  }

  /// The same axis with other counts.
  func with(_ counts: [Double]) -> Spectrum {
    var copy = self
    copy.counts = counts
    return copy
  }
}
