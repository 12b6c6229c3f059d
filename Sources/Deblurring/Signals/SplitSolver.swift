import DenseAlgebra

/// The alternating direction method of multipliers for a dense operator.
///
///     minimise ½ ‖Hx − y‖² + ½ q ‖Lx‖² + Σₖ gₖ(Kₖ x)
///
///     x  ← (HᵀH + q LᵀL + ρ Σ KₖᵀKₖ)⁻¹ (Hᵀy + ρ Σ Kₖᵀ (zₖ − uₖ))
///     zₖ ← prox_{gₖ/ρ} (v + uₖ),   v = α Kₖ x + (1 − α) zₖ,   α = 1.7
///     uₖ ← uₖ + v − zₖ
///
/// ρ is doubled or halved, and uₖ with it, while one of the two residuals `‖Kx − z‖` and `ρ ‖Kᵀ Δz‖`
/// is far above the other; it ends once both have fallen below the tolerance, each relative to what
/// it is a difference of.
///
/// - Reference: S. Boyd et al., Found. Trends Mach. Learn. 3, 1 (2011), sections 3.3 and 3.4.
struct SplitSolver {
  /// One term that is not smooth.
  struct Term {
    enum Kind { case variation, sparsity, bound }
    let kind: Kind
    /// What `‖·‖₁` is multiplied by.
    var weight = 0.0
    /// Whether negative values are cut off too; only for `sparsity` and `bound`.
    var isNonNegative = false
  }

  struct Outcome {
    let x: [Double]
    let iterations: Int
    let isSettled: Bool
  }

  var iterationLimit = 20_000
  var tolerance = 1e-7
  private let smooth: Matrix
  private let back: [Double]
  private let differences: Matrix
  /// What a solve began with and the next begins with again.
  private var penalty: Double
  private var splits: [[Double]] = []
  private var duals: [[Double]] = []

  init(_ h: Matrix, _ y: [Double]) {
    smooth = h.gram
    back = h.transposedTimes(y)
    differences = .differences(h.columnCount)
    // The size of HᵀH on smooth signals.
    penalty = max(smooth.values.reduce(0, { max($0, abs($1)) }) * 0.1, .leastNormalMagnitude)
  }

  /// - Parameters:
  ///   - terms: one of `variation`, `sparsity` or `bound` each, at least one.
  ///   - quadratic: `q LᵀL`, where there is one.
  mutating func minimise(
    _ terms: [Term], quadratic: Matrix? = nil
  ) throws(DenseError) -> Outcome {
    let count = back.count
    let fixed = quadratic.map { smooth + $0 } ?? smooth
    let squares = terms.map { $0.kind == .variation ? differences.gram : .identity(count) }
    let coupling = squares.dropFirst().reduce(squares[0], +)
    if splits.count != terms.count {
      splits = terms.map { .init(repeating: 0, count: $0.kind == .variation ? count - 1 : count) }
      duals = splits
    }
    var factor = try Cholesky(fixed + penalty * coupling)
    var x = [Double](repeating: 0, count: count)
    var (iteration, isSettled) = (0, false)
    while iteration < iterationLimit && !isSettled {
      iteration += 1
      var side = back
      for k in terms.indices {
        let pull = adjoint(terms[k], zip(splits[k], duals[k]).map { $0 - $1 })
        for i in side.indices { side[i] += penalty * pull[i] }
      }
      x = factor.solve(side)
      let (primal, dual) = stepSplits(terms, x)
      isSettled = primal < tolerance && dual < tolerance
      // Rarely, since each change costs a factorisation and unsettles the iteration.
      guard !isSettled, iteration < iterationLimit / 2, isBalancing(iteration) else { continue }
      if let change = primal > 5 * dual ? 2.0 : dual > 5 * primal ? 0.5 : nil {
        penalty *= change
        for k in duals.indices { for i in duals[k].indices { duals[k][i] /= change } }
        factor = try Cholesky(fixed + penalty * coupling)
      }
    }
    // A split term is met exactly by its z: exactly zero, exactly not negative.
    let exact = terms.indices.last { terms[$0].kind != .variation }
    return Outcome(x: exact.map { splits[$0] } ?? x, iterations: iteration, isSettled: isSettled)
  }

  /// After 10, 20, … 100, then 200, 300, … iterations.
  private func isBalancing(_ iteration: Int) -> Bool {
    iteration % (iteration <= 100 ? 10 : 100) == 0
  }

  /// - Returns: the two residuals, relative.
  private mutating func stepSplits(
    _ terms: [Term], _ x: [Double]
  ) -> (primal: Double, dual: Double) {
    let α = 1.7
    var (gap, scale, move, pull) = (0.0, 0.0, 0.0, 0.0)
    for k in terms.indices {
      let image = terms[k].kind == .variation ? zip(x.dropFirst(), x).map { $0 - $1 } : x
      var change = splits[k]
      let (step, positive) = (terms[k].weight / penalty, terms[k].isNonNegative)
      for i in image.indices {
        let old = splits[k][i]
        let v = α * image[i] + (1 - α) * old + duals[k][i]
        let shrunk = positive ? max(v - step, 0) : v > step ? v - step : v < -step ? v + step : 0
        splits[k][i] = shrunk
        duals[k][i] = v - shrunk
        change[i] = shrunk - old
        gap += (image[i] - shrunk) * (image[i] - shrunk)
        scale += max(image[i] * image[i], shrunk * shrunk)
      }
      let moved = adjoint(terms[k], change)
      let held = adjoint(terms[k], duals[k])
      move += dot(moved, moved)
      pull += dot(held, held)
    }
    func relative(_ part: Double, _ whole: Double) -> Double {
      part == 0 ? 0 : whole > 0 ? (part / whole).squareRoot() : 1
    }
    return (relative(gap, scale), relative(move, pull))
  }

  /// `Kᵀ p`
  private func adjoint(_ term: Term, _ p: [Double]) -> [Double] {
    guard term.kind == .variation else { return p }
    var x = [Double](repeating: 0, count: p.count + 1)
    for i in p.indices {
      x[i] -= p[i]
      x[i + 1] += p[i]
    }
    return x
  }
}
