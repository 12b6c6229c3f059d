/// A forward model whose derivative is bounded.
///
/// The primal-dual method takes its steps from the bounds.
public protocol BoundedModel: ForwardModel {
  /// Upper bounds on `Σⱼ |Jᵢⱼ|`, one per measurement, and `Σᵢ |Jᵢⱼ|`, one per unknown, for all unknowns that a solver
  /// may try.
  func absoluteSums() -> (rows: RunFactors, columns: RunFactors)
}

extension LinearOperator {
  /// The sums of entries where they are known, and `‖H‖` for both where they are not.
  package func sumsOrNorm() -> (rows: RunFactors, columns: RunFactors) {
    if let bounded = self as? any BoundedModel { return bounded.absoluteSums() }
    // Power iteration comes from below.
    let norm = RunFactors(uniform: Float(1.05 * squaredNorm().squareRoot()))
    return (norm, norm)
  }
}
