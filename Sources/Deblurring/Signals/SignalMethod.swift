/// How a signal is got back from its measurement by a dense operator.
package enum SignalMethod: String, Sendable, Codable, CaseIterable {
  /// Least squares through the singular values: the inverse, where there is one.
  case naive
  /// Least squares with the components left out whose σ² is below λ.
  case tsvd
  /// `‖Hx − y‖² + λ ‖x‖²`
  case tikhonov
  /// `‖Hx − y‖² + λ ‖Dx‖²`
  case gradient
  /// `½ ‖Hx − y‖² + λ ‖Dx‖₁`
  case tv
  /// `½ ‖Hx − y‖² + λ ‖x‖₁`
  case l1
  /// Each component by its signal-to-noise ratio, measured on the data.
  case wiener
  /// Maximum likelihood for counts.
  case richardsonLucy = "richardson-lucy"

  /// Whether the result depends linearly on the measurement for a given λ.
  package var isLinear: Bool {
    switch self {
    case .naive, .tsvd, .tikhonov, .gradient: true
    case .tv, .l1, .wiener, .richardsonLucy: false
    }
  }

  package var hasLambda: Bool {
    switch self {
    case .tsvd, .tikhonov, .gradient, .tv, .l1: true
    case .naive, .wiener, .richardsonLucy: false
    }
  }

  /// Whether `x ≥ 0` can be asked for.
  package var canBeNonNegative: Bool {
    switch self {
    case .tikhonov, .gradient, .tv, .l1, .richardsonLucy: true
    case .naive, .tsvd, .wiener: false
    }
  }

  /// What is believed of the signal, and the artefact to expect where it is wrong.
  package var belief: String {
    switch self {
    case .naive: "Nothing is assumed, and noise is amplified by up to 1/σ_min."
    case .tsvd: "Weak components contain no signal; the cut-off causes ringing at edges."
    case .tikhonov: "Values are small; peaks become too low and too broad."
    case .gradient: "Values vary slowly; edges become ramps."
    case .tv: "The signal is piecewise constant; slopes become stairs, small steps too low."
    case .l1: "The signal is mostly zero; broad features break into few samples, and are too low."
    case .wiener: "Components without power above the noise contain no signal; peaks are broadened."
    case .richardsonLucy: "Counts are Poisson; noise grows with the iterations."
    }
  }

  /// The quadratic penalty that the method works with or in whose basis it filters.
  var penalty: Penalty { self == .gradient ? .slope : .size }
}
