package import Fields
import Operators

/// What a solver minimises: `Σₖ λₖ Dₖ(Hₖ(x), yₖ) + R(x) + μ₁ ‖x‖₁`, with `lower ≤ x ≤ upper`.
///
/// Each solver says which models it can solve.
public struct Objective: Sendable {
  package var fidelities: [DataFidelity]
  /// `R`, its weight included.
  package var regulariser: (any Regulariser)?
  package var pointwise: PointwisePenalty

  /// - Parameters:
  ///   - fidelities: at least one; all models have the same unknowns.
  ///   - regulariser: `R`, its weight included; none by default.
  ///   - pointwise: `μ₁` and the bounds; `x ≥ 0` by default.
  public init(
    _ fidelities: [DataFidelity], regulariser: (any Regulariser)? = nil,
    pointwise: PointwisePenalty = .nonNegative
  ) {
    precondition(!fidelities.isEmpty, "an objective has something to fit")
    (self.fidelities, self.regulariser, self.pointwise) = (fidelities, regulariser, pointwise)
  }
}

extension Objective {
  /// Zeros for the duals `p` and `qₖ` of the primal-dual method.
  package var emptyDuals: [FloatStorage] {
    let penalty = FloatStorage(zeros: regulariser?.dualCount ?? 0)
    return [penalty] + fidelities.map { FloatStorage(zeros: $0.shape.count) }
  }

  var domainCount: Int { fidelities[0].model.domainCount }

  /// One dual step of the regulariser.
  func formPenaltyDual(
    _ dual: inout FloatStorage, from x: borrowing FloatStorage, step: Float, relaxation: Float
  ) {
    if let regulariser {
      regulariser.formDual(&dual, from: x.span, step: step, relaxation: relaxation)
    }
  }

  /// `R(x) + μ₁ ‖x‖₁`
  func penalty(_ x: borrowing FloatStorage, _ workers: Workers) -> Double {
    var value = pointwise.value(x.span, workers)
    if let regulariser { value += regulariser.value(x.span) }
    return value
  }

  /// Where no value is negative, `‖x‖₁` is a plain sum, and its step a constant that the
  /// regulariser's pass takes along.
  private var offset: Float {
    regulariser != nil && pointwise.bounds.lowerBound >= 0 ? pointwise.sparsity : 0
  }
  /// `μ₁` where it is left to be shrunk by.
  var shrinkage: Float { pointwise.sparsity - offset }

  /// `x ← u − T (Kᵀ p + offset)`
  func stepAlongPenalty(
    _ x: inout FloatStorage, from base: borrowing FloatStorage, along dual: borrowing FloatStorage,
    steps: RunFactors, _ workers: Workers
  ) {
    if let regulariser {
      regulariser.step(
        x.mutableSpan, from: base.span, along: dual.span, steps: steps, offset: offset)
    } else {
      workers.combine(0, &x, 1, base)
    }
  }
}

/// `μ₁ ‖x‖₁` and the values that an unknown may take.
public struct PointwisePenalty: Sendable, Hashable {
  /// `μ₁`
  package let sparsity: Float
  package let bounds: ClosedRange<Float>

  /// - Parameters:
  ///   - sparsity: `μ₁`, 0 or more.
  ///   - bounds: the allowed values; they must contain zero.
  /// - Throws: ``InversionError`` where zero is out of bounds or `μ₁` is negative or not finite.
  public init(
    sparsity: Float = 0, bounds: ClosedRange<Float> = 0...(.infinity)
  ) throws(InversionError) {
    guard sparsity >= 0 && sparsity.isFinite else { throw .weight(sparsity) }
    guard bounds.contains(0) else { throw .bounds(bounds.lowerBound, bounds.upperBound) }
    (self.sparsity, self.bounds) = (sparsity, bounds)
  }

  private init(_ bounds: ClosedRange<Float>) { (sparsity, self.bounds) = (0, bounds) }

  /// `x ≥ 0`
  public static let nonNegative = PointwisePenalty(0...(.infinity))
  /// All values are allowed, and none is penalised.
  public static let free = PointwisePenalty(-.infinity...(.infinity))

  func value(_ x: Span<Float>, _ workers: Workers) -> Double {
    sparsity > 0 ? Double(sparsity) * workers.absoluteSum(x) : 0
  }
}
