import Fields
import Operators

/// The diagonal steps of the primal-dual method.
///
/// With every block of `K = (H₁, H₂, …, ∇)` scaled by `sₖ` to the same mean column sum `C`,
///
///     τⱼ = r / Σₖ sₖ Σᵢ |Kₖ,ᵢⱼ|,      σₖ,ᵢ = sₖ / (r Σⱼ |Kₖ,ᵢⱼ|)
///
/// so that `‖Σ^½ K T^½‖ ≤ 1`. The ratio `r` is `balance` times the one at which the primal step is
/// that of plain gradient descent. Where only one σ of the regulariser is possible, its block is scaled to that.
///
/// - Reference: T. Pock and A. Chambolle, ICCV 2011, 1762, lemma 2 with α = 1.
struct Preconditioner {
  /// `T`
  let primal: RunFactors
  /// `Σ` of each fidelity.
  let duals: [RunFactors]
  /// `σ` of the regulariser.
  let penalty: Float

  init(_ objective: Objective, balance: Double, penaltyShare: Double) throws(InversionError) {
    var sums: [(rows: RunFactors, columns: RunFactors)] = []
    for term in objective.fidelities { sums.append(try term.model.sumsOrNorm()) }
    let means = sums.map { $0.columns.mean }
    let common = max(means.reduce(0, max), .leastNormalMagnitude)
    let scales = means.map { $0 > 0 ? common / $0 : 1 }

    // Σ λ κ c ρ is what bounds the curvature of the whole fit.
    let curvature = objective.fidelities.indices.reduce(0.0) { total, k in
      let term = objective.fidelities[k]
      return total + Double(term.weight)
        * term.discrepancy.meanCurvature(
          term.measurement.span, valueCount: term.shape.valueCount)
        * means[k] * sums[k].rows.mean
    }
    let ratio = balance * common / max(curvature, .leastNormalMagnitude)

    duals = zip(sums, scales).map { sums, scale in
      sums.rows.map { $0 > 1e-6 ? Float(scale / (ratio * Double($0))) : 0 }
    }
    var columns = weightedSum(sums.map(\.columns), scales, count: objective.domainCount)
    if let regulariser = objective.regulariser {
      let bound = regulariser.operatorSums
      let scale =
        regulariser.fixedStep.map { Double($0) * ratio * Double(bound.row) }
        ?? penaltyShare * common / Double(bound.column)
      penalty = regulariser.fixedStep ?? Float(scale / (ratio * Double(bound.row)))
      columns = columns.map { $0 + Float(scale * Double(bound.column)) }
    } else {
      penalty = 0
    }
    // What nothing looks at need not move.
    primal = columns.map { $0 > 1e-6 * Float(common) ? Float(ratio) / $0 : 0 }
  }
}

extension ForwardModel {
  fileprivate func sumsOrNorm() throws(InversionError) -> (rows: RunFactors, columns: RunFactors) {
    if let bounded = self as? any BoundedModel { return bounded.absoluteSums() }
    guard let linear = self as? any LinearOperator else { throw .unbounded }
    return linear.sumsOrNorm()
  }
}

/// `Σₖ wₖ fₖ`, one per run where all agree on runs.
private func weightedSum(_ factors: [RunFactors], _ weights: [Double], count: Int) -> RunFactors {
  let first = factors[0]
  let agree = factors.allSatisfy {
    $0.laneCount == first.laneCount && $0.values.count == first.values.count
  }
  let laneCount = agree ? first.laneCount : 1
  var sum = FloatStorage(zeros: agree ? first.values.count : count)
  var values = sum.mutableSpan
  for (factor, weight) in zip(factors, weights) {
    for i in values.indices {
      values[i] += Float(weight) * (agree ? factor.values.span[i] : factor[i])
    }
  }
  return RunFactors(sum, laneCount: laneCount)
}
