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
    let c = Double(Self.floor)
    var sum = 0.0
    weights.forEachPiece(of: first..<first + u.count) { piece, w in
      guard w > 0 else { return }
      for i in piece.lowerBound - first..<piece.upperBound - first {
        let (m, y) = (Double(u[i] + background), Double(y[i]))
        let d =
          m >= c
          ? m - (y > 0 ? y * .log(m) : 0)
          : c - y * .log(c) + (1 - y / c) * (m - c) + y * (m - c) * (m - c) / (2 * c * c)
        sum += Double(w) * d
      }
    }
    return sum
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
    let (b, c, ρ) = (background, Self.floor, step.relaxation)
    weights.forEachPiece(of: first..<first + u.count) { piece, w in
      let λ = step.weight * w
      step.steps.forEachPiece(of: piece) { piece, σ in
        for i in piece.lowerBound - first..<piece.upperBound - first {
          let old = q[i]
          let v = old + σ * u[i]
          let half = 0.5 * (v + σ * b - λ)
          // The root of σ m² + (λ − σ b − v) m − λ y = 0, or that of the parabola's slope.
          var m = (half + (half * half + σ * λ * y[i]).squareRoot()) / σ
          if m < c { m = (v + σ * b - λ * (1 - 2 * y[i] / c)) / (σ + λ * y[i] / (c * c)) }
          let new = σ > 0 ? v - σ * (m - b) : 0
          q[i] = old + ρ * (new - old)
        }
      }
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
