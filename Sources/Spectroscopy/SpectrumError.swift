package import Errors

/// Why a spectrum could not be worked on.
package enum SpectrumError: CategorisedError, Equatable {
  case tooShort(Int)
  case lengths(energies: Int, counts: Int)
  case notFinite(channel: Int)
  case energy(Double)
  case notIncreasing(channel: Int)
  case unevenStep(SpectrumStep, count: Int)
  case gap(SpectrumStep, count: Int)
  case window(ClosedRange<Double>, axis: ClosedRange<Double>)
  case windowAtEdge(ClosedRange<Double>, edge: Double)
  /// What is summed up begins before the background's window ends.
  case windowsOverlap(ClosedRange<Double>, background: ClosedRange<Double>)
  case windowNarrow(ClosedRange<Double>, channels: Int, needed: Int)
  case windowBelowZero(Double)
  case windowEmpty(ClosedRange<Double>)
  case windowNegative(ClosedRange<Double>, NegativeValues)
  case noZeroLoss(axis: ClosedRange<Double>)
  case separation(Double, peak: Double)
  case noLowLoss
  case noEdge
  case nothingLost
  case steps(one: Double, other: Double)

  package var category: ErrorCategory {
    switch self {
    case .window, .windowAtEdge, .windowNarrow, .windowsOverlap, .windowBelowZero, .windowEmpty,
      .separation, .noLowLoss, .noEdge:
      .usage
    default: .badData
    }
  }

  package var description: String {
    switch self {
    case .noLowLoss:
      "Fourier-ratio deconvolution needs the low-loss spectrum. Give --low-loss."
    case .noEdge:
      "A background needs its window and the edge. Give --window and --edge."
    case .tooShort(let count):
      "The spectrum must have at least 16 channels (got \(count)). Give a longer one."
    case .lengths(let energies, let counts):
      "There are \(energies) energies for \(counts) channels. Give one per channel."
    case .notFinite(let channel):
      "Channel \(channel) (from 0) is not a finite number. Correct or remove it."
    case .energy(let energy):
      "Energies must be between -1e7 and 1e7 eV (got \(energy)). Correct the axis."
    case .notIncreasing(let channel):
      "The energy does not increase at channel \(channel) (from 0). Sort the channels."
    case .unevenStep(let step, let count):
      """
      Channel \(step.channel + 1) (from 0) is \(Float(step.length)) eV above channel \(step.channel) at \
      \(Float(step.energy)) eV, where \(Float(step.usual)) eV is usual\(Self.others(count)). \
      Resample the spectrum to even steps.
      """
    case .gap(let step, let count):
      """
      There is a gap of \(Float(step.length)) eV after channel \(step.channel) (from 0, at \
      \(Float(step.energy)) eV), where channels are \(Float(step.usual)) eV apart\(Self.others(count)). \
      Cut the spectrum there, or fill in the channels that are missing.
      """
    case .window(let window, let axis):
      """
      The window \(Self.words(window)) eV extends beyond the spectrum, which runs from \
      \(Float(axis.lowerBound)) to \(Float(axis.upperBound)) eV. Choose one inside it.
      """
    case .windowAtEdge(let window, let edge):
      """
      The window \(Self.words(window)) eV does not end before the edge at \(Float(edge)) eV. \
      Choose one that does, with a gap of some eV.
      """
    case .windowsOverlap(let signal, let background):
      """
      The integration window \(Self.words(signal)) eV is not above the background window, \
      \(Self.words(background)) eV, where there is no signal. Begin it at the edge.
      """
    case .windowNarrow(let window, let channels, let needed):
      """
      The window \(Self.words(window)) eV has \(channels) channels, and at least \(needed) are \
      needed. Widen it.
      """
    case .windowBelowZero(let energy):
      "A power law has no value at \(Float(energy)) eV. Choose a window above 0 eV."
    case .windowEmpty(let window):
      "The window \(Self.words(window)) eV has no counts. Choose another."
    case .windowNegative(let window, let values):
      """
      \(values.count) of the \(values.channelCount) values in the window \(Self.words(window)) eV are \
      negative, the first \(Float(values.first)) at \(Float(values.energy)) eV, and their sum is not above 0. \
      Give the counts before background subtraction, or choose another window.
      """
    case .noZeroLoss(let axis):
      """
      There is no zero-loss peak between \(Float(axis.lowerBound)) and \(Float(axis.upperBound)) eV. \
      Give a low-loss spectrum whose axis includes 0 eV.
      """
    case .separation(let energy, let peak):
      """
      The zero-loss peak at \(Float(peak)) eV cannot end at \(Float(energy)) eV. \
      Give an energy above it, within the spectrum.
      """
    case .nothingLost:
      "The spectrum is empty except for its zero-loss peak. Check --zero-loss-end."
    case .steps(let one, let other):
      """
      The spectra have steps of \(Float(one)) and \(Float(other)) eV. \
      Record or resample both with the same step.
      """
    }
  }

  private static func others(_ count: Int) -> String {
    count > 1 ? ", and \(count - 1) more such place\(count > 2 ? "s" : "")" : ""
  }

  private static func words(_ window: ClosedRange<Double>) -> String {
    "\(Float(window.lowerBound)):\(Float(window.upperBound))"
  }
}

/// From one channel to the next, where others are closer or further apart.
package struct SpectrumStep: Sendable, Hashable {
  /// The channel before it, from 0, and its energy in eV.
  package let channel: Int
  package let energy: Double
  /// eV
  package let length: Double
  /// The median of all, eV.
  package let usual: Double

  package init(behind channel: Int, at energy: Double, length: Double, usual: Double) {
    (self.channel, self.energy, self.length, self.usual) = (channel, energy, length, usual)
  }
}

/// The values of a window that are below zero.
package struct NegativeValues: Sendable, Hashable {
  package let count: Int
  /// Channels of the window.
  package let channelCount: Int
  /// The first of them, and its energy in eV.
  package let first: Double
  package let energy: Double

  /// `nil` where there is none.
  package init?(of spectrum: Spectrum, in channels: Range<Int>) {
    let negative = channels.filter { spectrum.counts[$0] < 0 }
    guard let first = negative.first else { return nil }
    (count, channelCount) = (negative.count, channels.count)
    (self.first, energy) = (spectrum.counts[first], spectrum.energies[first])
  }
}
