/// One value of λ that was tried, and what came of it.
public struct LambdaTrial: Sendable, Decodable, Hashable {
  /// The value that was tried; dimensionless where a method has a reference strength μ_ref.
  public let lambda: Double
  /// `μ = λ · μ_ref`, or λ where there is no reference.
  package let mu: Double
  /// The root mean square of `y − Hx` over the measurements that were fitted; for counts, the root of their `Deviance` over the
  /// expected one. NaN where a search does not ask for it.
  public let residual: Double
  /// The prior `R(x)` without its weight. NaN where a search does not ask for it.
  public let penalty: Double
  /// The root mean square error of predicting the measurements that were left out; for counts, the root of their mean `Deviance`.
  public var heldOut: Double?
  /// What `heldOut` is on average where the prediction is the truth, so that noise alone rules it; known for counts.
  package var heldOutNoise: Double?
  /// Effective degrees of freedom per datum: the trace of the map from data to prediction, over the number of measurements.
  package var degreesOfFreedom: Double?
  /// The root mean square error against the truth, where that is known.
  public var error: Double?
  /// The root mean square of x where there should be nothing, over the largest |x|.
  package var vacuumResidual: Double?
  /// Iterations of the solver, of all fits of this trial together.
  public let iterations: Int

  package init(
    lambda: Double, mu: Double? = nil, residual: Double = .nan, penalty: Double = .nan,
    heldOut: Double? = nil, heldOutNoise: Double? = nil, degreesOfFreedom: Double? = nil,
    error: Double? = nil, vacuumResidual: Double? = nil, iterations: Int = 0
  ) {
    (self.lambda, self.mu, self.residual) = (lambda, mu ?? lambda, residual)
    (self.penalty, self.heldOut, self.heldOutNoise) = (penalty, heldOut, heldOutNoise)
    (self.degreesOfFreedom, self.error) = (degreesOfFreedom, error)
    (self.vacuumResidual, self.iterations) = (vacuumResidual, iterations)
  }

  private enum CodingKeys: String, CodingKey {
    case lambda, mu, residual, penalty, heldOut, heldOutNoise, degreesOfFreedom = "freedom"
    case error, vacuumResidual = "leak", iterations
  }

  /// What an earlier version or a method without a reference strength leaves out reads as in `init(lambda:mu:residual:penalty:heldOut:heldOutNoise:degreesOfFreedom:error:vacuumResidual:iterations:)`.
  public init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    func number(_ key: CodingKeys) throws -> Double? {
      try keys.decodeIfPresent(Double.self, forKey: key)
    }
    self.init(
      lambda: try keys.decode(Double.self, forKey: .lambda), mu: try number(.mu),
      residual: try number(.residual) ?? .nan, penalty: try number(.penalty) ?? .nan,
      heldOut: try number(.heldOut), heldOutNoise: try number(.heldOutNoise),
      degreesOfFreedom: try number(.degreesOfFreedom), error: try number(.error),
      vacuumResidual: try number(.vacuumResidual),
      iterations: try keys.decodeIfPresent(Int.self, forKey: .iterations) ?? 0)
  }

  /// `residual² / (1 − degreesOfFreedom)²`
  ///
  /// - Reference: G. H. Golub, M. Heath and G. Wahba, Technometrics 21, 215 (1979).
  package var gcv: Double? {
    guard let degreesOfFreedom, degreesOfFreedom < 1 else { return nil }
    return residual * residual / ((1 - degreesOfFreedom) * (1 - degreesOfFreedom))
  }
}

extension LambdaTrial {
  /// A figure under the name that tables and records give it.
  package enum Column: String, Sendable, CodingKey {
    case lambda, mu, residual, penalty, heldOut, heldOutNoise, freedom, gcv, error, rmse, leak
    case loss, iterations
  }

  /// `nil` for what is not known.
  package subscript(column: Column) -> Double? {
    let value: Double? =
      switch column {
      case .lambda: lambda
      case .mu: mu
      case .residual: residual
      case .penalty: penalty
      case .heldOut, .loss: heldOut
      case .heldOutNoise: heldOutNoise
      case .freedom: degreesOfFreedom
      case .gcv: gcv
      case .error, .rmse: error
      case .leak: vacuumResidual
      case .iterations: Double(iterations)
      }
    return value.flatMap { $0.isNaN ? nil : $0 }
  }
}

/// Trials as records hold them: some figures of each.
package struct TrialRecords: Sendable, Encodable {
  private let trials: [LambdaTrial]
  private let columns: [LambdaTrial.Column]

  package init(_ trials: [LambdaTrial], _ columns: [LambdaTrial.Column]) {
    (self.trials, self.columns) = (trials, columns)
  }

  package func encode(to encoder: any Encoder) throws {
    var list = encoder.unkeyedContainer()
    for trial in trials {
      var keys = list.nestedContainer(keyedBy: LambdaTrial.Column.self)
      for column in columns { try keys.encodeIfPresent(trial[column], forKey: column) }
    }
  }
}
