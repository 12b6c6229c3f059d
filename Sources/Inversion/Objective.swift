package import Fields
import Operators

/// What a solver minimises: `Σₖ λₖ Dₖ(Hₖ(x), yₖ) + R(x) + μ₁ ‖x‖₁ + ½ μ₂ ‖x‖²`, with `lower ≤ x ≤ upper`.
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
  ///   - pointwise: `μ₁`, `μ₂` and the bounds; `x ≥ 0` by default.
  public init(
    _ fidelities: [DataFidelity], regulariser: (any Regulariser)? = nil,
    pointwise: PointwisePenalty = .nonNegative
  ) {
    precondition(!fidelities.isEmpty, "an objective has something to fit")
    (self.fidelities, self.regulariser, self.pointwise) = (fidelities, regulariser, pointwise)
  }
}

extension Objective {
  /// Zeros for the duals `p` and `qₖ` of the primal-dual method, and for the auxiliary fields of the regulariser.
  package var emptyDuals: [FloatStorage] {
    let penalty = FloatStorage(zeros: regulariser?.dualCount ?? 0)
    return [penalty] + fidelities.map { FloatStorage(zeros: $0.shape.count) } + emptyAuxiliary
  }

  /// Zeros for the auxiliary fields of the regulariser.
  var emptyAuxiliary: [FloatStorage] {
    (regulariser?.auxiliaryCounts ?? []).map { FloatStorage(zeros: $0) }
  }

  var domainCount: Int { fidelities[0].model.domainCount }

  /// One dual step of the regulariser.
  func formPenaltyDual(
    _ dual: inout FloatStorage, auxiliary: inout [FloatStorage], from x: borrowing FloatStorage,
    step: Float, relaxation: Float
  ) {
    if let regulariser {
      regulariser.formDual(
        &dual, auxiliary: &auxiliary, from: x.span, step: step, relaxation: relaxation)
    }
  }

  /// `R(x) + μ₁ ‖x‖₁ + ½ μ₂ ‖x‖²`
  func penalty(
    _ x: borrowing FloatStorage, auxiliary: [FloatStorage], _ workers: Workers
  ) -> Double {
    var value = pointwise.value(x.span, workers)
    if let regulariser { value += regulariser.value(x.span, auxiliary: auxiliary) }
    return value
  }

  /// Where no value is negative, `‖x‖₁` is a plain sum, and its step a constant that the
  /// regulariser's pass takes along.
  private var offset: Float {
    regulariser != nil && pointwise.bounds.lowerBound >= 0 ? pointwise.sparsity : 0
  }
  /// `μ₁` where it is left to be shrunk by, and `μ₂`.
  var shrinkage: Shrinkage {
    Shrinkage(sparsity: pointwise.sparsity - offset, square: pointwise.square)
  }

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

/// `μ₁` and `μ₂` of a proximal step `S(x, T μ₁) / (1 + T μ₂)`.
struct Shrinkage {
  let sparsity: Float
  let square: Float
  var isNone: Bool { sparsity == 0 && square == 0 }
}

/// `μ₁ ‖x‖₁ + ½ μ₂ ‖x‖²` and the values that an unknown may take.
public struct PointwisePenalty: Sendable, Hashable {
  /// `μ₁`
  package let sparsity: Float
  /// `μ₂`
  package let square: Float
  package let bounds: ClosedRange<Float>

  /// - Parameters:
  ///   - sparsity: `μ₁`, 0 or more.
  ///   - square: `μ₂`, 0 or more.
  ///   - bounds: the allowed values; they must contain zero.
  /// - Throws: ``InversionError`` where zero is out of bounds or a weight is negative or not finite.
  public init(
    sparsity: Float = 0, square: Float = 0, bounds: ClosedRange<Float> = 0...(.infinity)
  ) throws(InversionError) {
    for weight in [sparsity, square] where !(weight >= 0 && weight.isFinite) {
      throw .weight(weight)
    }
    guard bounds.contains(0) else { throw .bounds(bounds.lowerBound, bounds.upperBound) }
    (self.sparsity, self.square, self.bounds) = (sparsity, square, bounds)
  }

  private init(_ bounds: ClosedRange<Float>) {
    (sparsity, square, self.bounds) = (0, 0, bounds)
  }

  /// `x ≥ 0`
  public static let nonNegative = PointwisePenalty(0...(.infinity))
  /// All values are allowed, and none is penalised.
  public static let free = PointwisePenalty(-.infinity...(.infinity))

  func value(_ x: Span<Float>, _ workers: Workers) -> Double {
    var value = sparsity > 0 ? Double(sparsity) * workers.absoluteSum(x) : 0
    if square > 0 { value += 0.5 * Double(square) * workers.squareSum(x) }
    return value
  }
}
