/// How total variation is descended between sweeps.
public struct TVDescent: Sendable, Hashable {
  /// `N`, after each sweep.
  public let steps: Int
  /// `α`: the length of a step over the length ‖Δx‖ of the sweep's move.
  public let factor: Float
  /// `ε` over the root mean square of the volume; 1e-3 by default.
  public let smoothing: Float
  /// Whether slices are smoothed together, as by default, or each by itself.
  public let axes: VariationAxes

  /// Ten steps of a tenth of the sweep's length, across slices too.
  public static let standard = TVDescent(steps: 10, startingAt: 0.1)

  init(steps: Int, startingAt factor: Float) {
    (self.steps, self.factor, smoothing, axes) = (steps, factor, 1e-3, .volume)
  }

  /// - Throws: ``AlgebraicError/steps(_:)`` below 1 step, ``AlgebraicError/factor(name:_:)`` unless `factor` and `smoothing`
  ///   are positive.
  public init(
    steps: Int = 10, factor: Float = 0.1, smoothing: Float = 1e-3, axes: VariationAxes = .volume
  ) throws(AlgebraicError) {
    guard steps > 0 else { throw .steps(steps) }
    for (name, value) in [("step factor", factor), ("smoothing", smoothing)]
    where !(value > 0 && value.isFinite) { throw .factor(name: name, value) }
    (self.steps, self.factor, self.smoothing, self.axes) = (steps, factor, smoothing, axes)
  }
}

extension TVDescent: Codable {
  private enum CodingKeys: String, CodingKey {
    case steps = "tvSteps"
    case factor = "tvFactor"
    case smoothing = "tvSmoothing"
    case axes = "tvAxes"
  }

  public init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      steps: keys.decode(Int.self, forKey: .steps),
      factor: keys.decode(Float.self, forKey: .factor),
      smoothing: keys.decode(Float.self, forKey: .smoothing),
      axes: keys.decode(VariationAxes.self, forKey: .axes))
  }
}

extension TVDescent {
  /// Twenty steps that begin at a fifth of the first sweep's length.
  public static let adaptive = TVDescent(steps: 20, startingAt: 0.2)
}
