package import Fields
package import Imaging
package import Inversion
import RealModule
package import Reconstruction

/// Takes the blur out of an image, or of a volume that is blurred in three dimensions.
///
/// Linear methods are products in the Fourier or cosine basis where the blur is diagonal there, else
/// conjugate gradients; the others are iterations on `FieldBlur`. `[plane][row][column]`.
///
/// All of them work with the blur h / s of unit sum, so that thresholds and λ mean the same for every s = Σ h: with
/// `x = x′ / s` for the x′ that this blur gives, and `x′ / s^(1/γ)` for z-map.
package struct ImageDeblurring: Sendable {
  /// What is applied, or minimised; `ĥ` is the blur in the basis that makes it diagonal.
  package enum Method: String, Sendable, Codable, CaseIterable {
    /// The inverse filter.
    case naive
    /// The inverse filter where `|ĥ|² ≥ λ`.
    case tsvd
    /// `‖Hx − y‖² + λ ‖x‖²`
    case tikhonov
    /// `‖Hx − y‖² + λ ‖∇x‖²`
    case gradient
    /// The inverse filter times the part of each band of frequencies that is signal.
    case wiener
    /// `½ ‖Hx − y‖² + λ g Σ |∇x|`, with `g = rms(Hᵀy)`
    case tv
    /// `½ ‖Hx − y‖² + λ g Σ |x|`
    case l1
    /// Most likely under Poisson noise, ended early.
    case richardsonLucy = "richardson-lucy"
    /// The same with total variation.
    case richardsonLucyTV = "richardson-lucy-tv"
    /// `½ ‖a h ⋆ z^γ − y‖² + λ g Σ |∇z|`: a map of atomic numbers from a HAADF image.
    case atomicNumber = "z-map"

    /// Whether it has a strength λ.
    package var hasStrength: Bool { ![.naive, .wiener, .richardsonLucy].contains(self) }
    var isLinear: Bool { [.naive, .tsvd, .tikhonov, .gradient, .wiener].contains(self) }
    var fitsCounts: Bool { [.richardsonLucy, .richardsonLucyTV].contains(self) }
  }

  /// How strongly the prior is weighed.
  package enum Strength: Sendable, Hashable {
    /// λ itself, above 0.
    case lambda(Double)
    /// By a rule, or the one that suits the method.
    case chosen(ChoiceRule?)
  }

  /// The rules that choose λ of an image.
  package static let rules: [ChoiceRule] = [
    .discrepancy, .gcv, .lCurve, .oracle, .heldOutPixels, .vacuum,
  ]

  /// The noise that tv and l1 assume.
  package enum Fidelity: Sendable, Hashable {
    case gaussian
    /// Counts over a known background.
    case poisson(background: Float)
  }

  package let method: Method
  /// Scaled to a sum of 1, where its sum was further from 1 than a thousandth.
  package let blur: FieldBlur
  /// A method without λ takes the default only.
  package var strength = Strength.chosen(nil)
  /// `.poisson` is for tv and l1; methods that always fit counts need `.gaussian` here.
  package var fidelity = Fidelity.gaussian
  /// The standard deviation of the noise, where it is known; estimated otherwise.
  package var noise: Double?
  /// Where the image holds nothing: rows and columns.
  package var vacuum: ImageRegion?
  /// Whether tv, l1 and z-map keep `x ≥ 0`; the others do or do not by nature.
  package var isNonNegative = true
  /// Iterations at most; `nil` stands for 50 with Richardson-Lucy and 300 otherwise.
  package var iterationLimit: Int?
  /// Ends once an iteration changes the image by less than this part.
  package var tolerance = 1e-4
  /// `γ` of z-map.
  package var exponent: Float = 1.7
  /// `a` of z-map.
  package var scale: Float = 1

  /// `s`
  private let sum: Double

  /// - Parameter blur: on the grid of the image; its sum may be any.
  package init(_ method: Method, _ blur: FieldBlur) {
    let sum = blur.spread.sum
    let unit = abs(sum - 1) > Self.roundedSum ? try? blur.ofUnitSum() : nil
    (self.method, self.blur) = (method, unit ?? blur)
    self.sum = unit == nil ? 1 : sum
  }

  /// A sum so close to 1 is left as it is.
  private static let roundedSum = 1e-3

  /// `x′ / x`
  private var brightness: Double {
    method == .atomicNumber ? .pow(sum, 1 / Double(exponent)) : sum
  }

  var iterations: Int { iterationLimit ?? (method.fitsCounts ? 50 : 300) }
  var name: String { method.rawValue }

  /// Deblurs one image or volume, with a chosen λ where ``strength`` asks for it.
  ///
  /// - Parameters:
  ///   - measured: what was recorded, `[plane][row][column]`.
  ///   - truth: what it should become, where that is known.
  ///   - monitor: is told of iterations, and may end them.
  /// - Throws: ``ImageDeblurringError``, ``DeblurringError``, `InversionError` or `BlurError` where a
  ///   setting cannot work, or counts are negative; `ReconstructionError.interrupted`.
  package func deblur(
    _ measured: FloatStorage, truth: FloatStorage? = nil, monitor: Monitor = .silent
  ) throws -> DeblurredImage {
    precondition(measured.count == blur.grid.count, "the image does not fit the blur")
    precondition(truth.map { $0.count == measured.count } ?? true, "the truth does not fit")
    try check(measured)
    let brightness = brightness
    let truth = brightness == 1 ? truth : truth?.times(brightness)
    var image =
      if case .lambda(let lambda) = strength {
        try deblur(measured, lambda, choice: nil, truth, monitor)
      } else if method.hasStrength {
        try choosing(measured, truth: truth, monitor)
      } else {
        try deblur(measured, 0, choice: nil, truth, monitor)
      }
    if brightness != 1 { image.dim(by: brightness) }
    image.noteLeastError()
    return image
  }

  private func choosing(
    _ measured: FloatStorage, truth: FloatStorage?, _ monitor: Monitor
  ) throws -> DeblurredImage {
    if case .chosen(nil) = strength, method == .richardsonLucyTV {
      var image = try deblur(measured, 0.002, choice: nil, truth, monitor)
      image.warnings.append("λ = 0.002 is the default and was not chosen from this image.")
      return image
    }
    let choice = try ImageChoice(self, measured, truth: truth, monitor)
    return try deblur(measured, choice.lambda, choice: choice, truth, monitor)
  }

  private func deblur(
    _ measured: FloatStorage, _ lambda: Double, choice: ImageChoice?, _ truth: FloatStorage?,
    _ monitor: Monitor
  ) throws -> DeblurredImage {
    var image = try ImageFit(self).solve(measured, lambda, monitor: monitor, truth: truth)
    if method.hasStrength { image.lambda = lambda }
    image.choice = choice
    image.warnings += choice?.warnings ?? []
    // Of counts a single level tells nothing.
    if noise != nil || vacuum != nil, let noise = choice?.noise, let residual = image.residual,
      residual > 1.25 * noise
    {
      let times = (residual / noise * 10).rounded() / 10
      image.warnings.append(
        "The residual of the image is \(times) times the noise: it is smoothed too much.")
    }
    return image
  }

  private func check(_ measured: FloatStorage) throws {
    if case .lambda(let value) = strength {
      guard method.hasStrength else { throw DeblurringError.lambdaMeaningless(method: name) }
      guard value > 0 && value.isFinite else { throw DeblurringError.lambda(value) }
    }
    if case .chosen(.some) = strength, !method.hasStrength {
      throw DeblurringError.lambdaMeaningless(method: name)
    }
    if let noise, !(noise > 0 && noise.isFinite) { throw DeblurringError.noise(noise) }
    guard iterations > 0 else { throw ReconstructionError.iterations(iterations) }
    guard tolerance >= 0 else { throw ReconstructionError.tolerance(tolerance) }
    if case .poisson = fidelity, method != .tv && method != .l1 {
      throw ImageDeblurringError.countsOnly(method: name)
    }
    let countsAreFitted = method.fitsCounts || fidelity != .gaussian
    if countsAreFitted {
      let values = measured.span
      for i in values.indices where values[i] < 0 {
        throw ImageDeblurringError.negativeCount(values[i], index: i)
      }
    }
    if method.fitsCounts, blur.spread.weights.contains(where: { $0 < 0 }) {
      throw ImageDeblurringError.negativeSpread(method: name)
    }
  }
}

/// What came of deblurring.
package struct DeblurredImage: Sendable {
  /// `[plane][row][column]`, as the measured one.
  package var field: FloatStorage
  /// 1 where the result is a product in the Fourier or cosine basis.
  package var iterations: Int
  package var history: [HistoryEntry] = []
  package var stopReason = StopReason.iterationLimit
  /// The root mean square of `y − Hx`; over the root of `Hx + b` for counts.
  package var residual: Double?
  /// The λ that was used; `nil` for methods without one.
  package var lambda: Double?
  package var choice: ImageChoice?
  /// The power of signal over noise and the part that passed, by cycles per pixel, of wiener.
  package var bands: [Band] = []
  /// Root mean square errors against the truth after each iteration, where there are any.
  package var errors: [Double] = []
  package var settings: [String: Setting] = [:]
  package var warnings: [String] = []

  package struct Band: Sendable, Hashable {
    package let frequency: Double
    package let signalToNoise: Double
    package let passed: Double
  }

  init(_ field: FloatStorage, iterations: Int) {
    (self.field, self.iterations) = (field, iterations)
  }

  fileprivate mutating func dim(by brightness: Double) {
    field = field.times(1 / brightness)
    errors = errors.map { $0 / brightness }
    choice = choice?.dimmed(by: brightness)
  }

  /// Where iterations went past the least error.
  fileprivate mutating func noteLeastError() {
    guard let best = errors.indices.min(by: { errors[$0] < errors[$1] }), best + 1 < iterations
    else { return }
    warnings.append(
      "The error against the truth was smallest, \(Float(errors[best])), at iteration \(best + 1).")
  }
}

extension FloatStorage {
  fileprivate func times(_ factor: Double) -> FloatStorage {
    FloatStorage(doubles(self).map { Float($0 * factor) })
  }
}
