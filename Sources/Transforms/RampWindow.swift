public import Errors
import RealModule

/// How the ramp of filtered back-projection falls off towards high frequencies.
///
/// `u` is the frequency in units of the cut-off; every window is one at `u = 0` and zero above
/// `u = 1`.
public enum RampWindow: String, Codable, CaseIterable, Sendable {
  /// `1`
  case ramLak = "ram-lak"
  /// `sin(πu/2) / (πu/2)`
  case sheppLogan = "shepp-logan"
  /// `cos(πu/2)`
  case cosine
  /// `0.54 + 0.46 cos(πu)`
  case hamming
  /// `0.5 + 0.5 cos(πu)`
  case hann

  /// The factor at frequency `u` ≥ 0.
  package func value(at u: Double) -> Double {
    guard u > 0 else { return 1 }
    guard u <= 1 else { return 0 }
    let phase = Double.pi * u
    return switch self {
    case .ramLak: 1
    case .sheppLogan: .sin(phase / 2) / (phase / 2)
    case .cosine: .cos(phase / 2)
    case .hamming: 0.54 + 0.46 * .cos(phase)
    case .hann: 0.5 + 0.5 * .cos(phase)
    }
  }
}

/// Why a transform was refused.
public enum TransformError: CategorisedError, Equatable {
  /// A cut-off that is not a fraction of the Nyquist frequency, above 0 and at most 1.
  case cutoff(Double)

  public var category: ErrorCategory {
    .usage
  }

  public var description: String {
    switch self {
    case .cutoff(let cutoff):
      """
      A cut-off of \(cutoff) is not a fraction of the Nyquist frequency. \
      Give a number above 0 and at most 1.
      """
    }
  }
}
