import Fields
public import Inversion
public import Operators
import RealModule

/// `Σ w (m − y log m)`, `m = u + b`: counts over a known background, smooth down to nothing.
///
/// Below `c` half a count, where the curvature `y / m²` has no bound, the parabola that touches it at
/// `c` goes on in its place:
///
///     d(m) = d(c) + (1 − y/c)(m − c) + y (m − c)² / 2c²
///
/// so that plain gradient steps hold. Weights of 0 leave measurements out.
public struct CountFit: SmoothDiscrepancy {
  /// `b`
  public let background: Float
  /// `w`, one a measurement; 1 everywhere where it is uniform.
  public let weights: RunFactors
  static let floor: Float = 0.5

  public init(background: Float, weights: RunFactors = RunFactors(uniform: 1)) {
    (self.background, self.weights) = (background, weights)
  }

  public func check(_ y: Span<Float>) throws(InversionError) {
    for i in y.indices where !(y[i] >= 0) { throw .negativeCount(y[i], index: i) }
    guard background >= 0 && background.isFinite else { throw .negativeBackground(background) }
  }

  public func value(_ u: Span<Float>, _ y: Span<Float>, from first: Int) -> Double {
    precondition(u.count == y.count)
    var sum = 0.0
    weights.forEachPiece(of: first..<first + u.count) { piece, w in
      guard w > 0 else { return }
      sum += Double(w) * value(u, y, piece.lowerBound - first..<piece.upperBound - first)
    }
    return sum
  }

  private func value(_ u: Span<Float>, _ y: Span<Float>, _ range: Range<Int>) -> Double {
    let (b, c) = (background, Self.floor)
    let (logFloor, inverse) = (Float.log(c), 1 / c)
    let bend = 0.5 * inverse * inverse
    return laneSum(range) { i in
      let (m, y) = unsafe (u[unchecked: i] + b, y[unchecked: i])
      let away = m - c
      let below = c - y * logFloor + (1 - y * inverse) * away + bend * y * away * away
      let above = m - y * quickLog(m > c ? m : c)
      return m > c ? above : below
    }
  }

  public func formGradient(_ u: inout MutableSpan<Float>, _ y: Span<Float>, from first: Int) {
    precondition(u.count == y.count)
    let c = Self.floor
    weights.forEachPiece(of: first..<first + u.count) { piece, w in
      for i in piece.lowerBound - first..<piece.upperBound - first {
        let (m, y) = unsafe (u[unchecked: i] + background, y[unchecked: i])
        unsafe u[unchecked: i] = w * (m >= c ? 1 - y / m : 1 - y / c + y * (m - c) / (c * c))
      }
    }
  }

  /// `q̂ = v − σ z`, `v = q + σ u`, where `z` minimises `λ w d(z) + σ (z − v/σ)² / 2`.
  public func formDual(
    _ q: inout MutableSpan<Float>, _ u: Span<Float>, _ y: Span<Float>, from first: Int,
    step: DualStep
  ) {
    precondition(u.count == y.count && q.count == u.count)
    weights.forEachPiece(of: first..<first + u.count) { piece, w in
      step.steps.forEachPiece(of: piece) { piece, σ in
        formDual(
          &q, u, y, piece.lowerBound - first..<piece.upperBound - first, σ: σ,
          λ: step.weight * w, ρ: step.relaxation)
      }
    }
  }

  private func formDual(
    _ q: inout MutableSpan<Float>, _ u: Span<Float>, _ y: Span<Float>, _ range: Range<Int>,
    σ: Float, λ: Float, ρ: Float
  ) {
    let (b, inverse) = (background, 1 / Self.floor)
    guard σ > 0 else {
      for i in range { q[i] *= 1 - ρ }
      return
    }
    let (shift, perStep) = (σ * b - λ, 1 / σ)
    var q = q._mutatingExtracting(0..<q.count)  // by value, so that the loop vectorises
    for i in range {
      let (old, y) = unsafe (q[unchecked: i], λ * y[unchecked: i])
      let v = unsafe old + σ * u[unchecked: i]
      let half = 0.5 * (v + shift)
      // The root of σ m² + (λ − σ b − v) m − λ y = 0, or that of the parabola's slope.
      // The magnitude tells the compiler what it cannot know: nothing here is negative.
      let root = (half + (half * half + abs(σ * y)).squareRoot()) * perStep
      let low = (v + shift + 2 * inverse * y) / (σ + inverse * inverse * y)
      let m = root < Self.floor ? low : root
      unsafe q[unchecked: i] = old + ρ * (v - σ * (m - b) - old)
    }
  }

  public func meanCurvature(_ y: Span<Float>, valueCount: Int) -> Double {
    let mean = y.indices.reduce(0.0) { $0 + Double(y[$1]) } / Double(max(1, valueCount))
    return weights.mean / max(mean + Double(background), Double(Self.floor))
  }

  public func largestCurvature(_ y: Span<Float>) -> Double {
    let most = y.indices.reduce(Float(0)) { max($0, y[$1]) }
    let least = max(background, Self.floor)
    return Double(most) / Double(least * least)
  }
}
