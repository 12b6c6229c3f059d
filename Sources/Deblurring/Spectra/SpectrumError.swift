/// Why a spectrum could not be worked on.
public enum SpectrumError: Error, Equatable, CustomStringConvertible {
  case tooShort(Int)
  case lengths(energies: Int, counts: Int)
  case notFinite(channel: Int)
  case energy(Double)
  case notIncreasing(channel: Int)
  case unevenStep(channel: Int, step: Double, expected: Double)
  case window(ClosedRange<Double>, axis: ClosedRange<Double>)
  case windowAtEdge(ClosedRange<Double>, edge: Double)
  case windowNarrow(ClosedRange<Double>, channels: Int, needed: Int)
  case windowBelowZero(Double)
  case windowEmpty(ClosedRange<Double>)
  case noZeroLoss(axis: ClosedRange<Double>)
  case separation(Double, peak: Double)
  case nothingLost
  case steps(one: Double, other: Double)

  public var description: String {
    switch self {
    case .tooShort(let count):
      "The spectrum has \(count) channels, and at least 16 are needed. Give a longer one."
    case .lengths(let energies, let counts):
      "There are \(energies) energies for \(counts) channels. Give one a channel."
    case .notFinite(let channel):
      "Channel \(channel) (from 0) is not a finite number. Mend or remove it."
    case .energy(let energy):
      "An energy of \(energy) eV is not usable. It must be between -1e7 and 1e7 eV: correct the axis."
    case .notIncreasing(let channel):
      "The energy does not grow at channel \(channel) (from 0). Sort the channels."
    case .unevenStep(let channel, let step, let expected):
      """
      Channel \(channel) (from 0) is \(Float(step)) eV from its neighbour, others \(Float(expected)) eV. \
      Resample the spectrum to even steps.
      """
    case .window(let window, let axis):
      """
      The window \(Self.words(window)) eV leaves the spectrum, which runs from \
      \(Float(axis.lowerBound)) to \(Float(axis.upperBound)) eV. Choose one inside.
      """
    case .windowAtEdge(let window, let edge):
      """
      The window \(Self.words(window)) eV does not end before the edge at \(Float(edge)) eV. \
      Choose one that does, with some eV between.
      """
    case .windowNarrow(let window, let channels, let needed):
      """
      The window \(Self.words(window)) eV holds \(channels) channels, and at least \(needed) are \
      needed. Widen it.
      """
    case .windowBelowZero(let energy):
      "A power law has no value at \(Float(energy)) eV. Choose a window above 0 eV."
    case .windowEmpty(let window):
      "The window \(Self.words(window)) eV holds no counts. Choose another."
    case .noZeroLoss(let axis):
      """
      There is no zero-loss peak between \(Float(axis.lowerBound)) and \(Float(axis.upperBound)) eV. \
      Give a low-loss spectrum whose axis passes 0 eV.
      """
    case .separation(let energy, let peak):
      """
      The zero-loss peak at \(Float(peak)) eV cannot end at \(Float(energy)) eV. \
      Give an energy above it, within the spectrum.
      """
    case .nothingLost:
      "The spectrum holds nothing beside its zero-loss peak. Check --zero-loss-end."
    case .steps(let one, let other):
      """
      The spectra have steps of \(Float(one)) and \(Float(other)) eV. \
      Record or resample both with the same step.
      """
    }
  }

  private static func words(_ window: ClosedRange<Double>) -> String {
    "\(Float(window.lowerBound)):\(Float(window.upperBound))"
  }
}
