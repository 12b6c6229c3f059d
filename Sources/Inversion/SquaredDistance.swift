import Fields
public import Operators

/// `½ Σ w (u − y)²`, the fit for additive Gaussian noise of variance 1/w.
public struct SquaredDistance: SmoothDiscrepancy {
  /// `w`, one per run (or one per measurement, with runs of one).
  package let weights: RunFactors

  /// - Parameter weights: `w`, 1 by default. They must not be negative; 0 leaves measurements out.
  public init(weights: RunFactors = RunFactors(uniform: 1)) { self.weights = weights }

  public func check(_ measurement: Span<Float>) throws(InversionError) {
    let values = weights.values.span
    for i in values.indices where !(values[i] >= 0 && values[i].isFinite) {
      throw .weight(values[i])
    }
  }

  public func value(_ u: Span<Float>, _ y: Span<Float>, from first: Int) -> Double {
    precondition(u.count == y.count)
    var sum = 0.0
    weights.forEachPiece(of: first..<first + u.count) { piece, weight in
      let squares = laneSum(piece.lowerBound - first..<piece.upperBound - first) { i in
        let r = unsafe u[unchecked: i] - y[unchecked: i]
        return r * r
      }
      sum += 0.5 * Double(weight) * squares
    }
    return sum
  }

  public func formGradient(_ u: inout MutableSpan<Float>, _ y: Span<Float>, from first: Int) {
    precondition(u.count == y.count)
    var u = u._mutatingExtracting(0..<u.count)  // by value, so that loops vectorise
    weights.forEachPiece(of: first..<first + u.count) { piece, weight in
      for i in piece.lowerBound - first..<piece.upperBound - first {
        unsafe u[unchecked: i] = weight * (u[unchecked: i] - y[unchecked: i])
      }
    }
  }

  /// `q̂ = (q + σ (u − y)) / (1 + σ / λw)`
  public func formDual(
    _ q: inout MutableSpan<Float>, _ u: Span<Float>, _ y: Span<Float>, from first: Int,
    step: DualStep
  ) {
    precondition(u.count == y.count && q.count == u.count)
    let ρ = step.relaxation
    var q = q._mutatingExtracting(0..<q.count)  // by value, so that loops vectorise
    weights.forEachPiece(of: first..<first + u.count) { piece, weight in
      let w = step.weight * weight
      step.steps.forEachPiece(of: piece) { piece, σ in
        let shrink = w > 0 ? w / (w + σ) : 0
        for i in piece.lowerBound - first..<piece.upperBound - first {
          let old = unsafe q[unchecked: i]
          let new = unsafe shrink * (old + σ * (u[unchecked: i] - y[unchecked: i]))
          unsafe q[unchecked: i] = old + ρ * (new - old)
        }
      }
    }
  }

  public func meanCurvature(_ measurement: Span<Float>, valueCount: Int) -> Double { weights.mean }

  public func largestCurvature(_ measurement: Span<Float>) -> Double {
    let values = weights.values.span
    return values.indices.reduce(0) { max($0, Double(values[$1])) }
  }
}
