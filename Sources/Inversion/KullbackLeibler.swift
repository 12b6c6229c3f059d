import Fields
public import Operators
import RealModule

/// `Σ u + b − y log(u + b)`, the fit for counts `y` (Poisson noise) over a known background `b`.
///
/// A sum `u + b` below 1e-20 counts as 1e-20.
public struct KullbackLeibler: SmoothDiscrepancy {
  /// `b`, one per run (or one per measurement, with runs of one).
  package let background: RunFactors
  private static let smallest: Float = 1e-20

  /// - Parameter background: `b`, in the unit of the counts; none by default. It must not be negative.
  public init(background: RunFactors = RunFactors(uniform: 0)) { self.background = background }

  public func check(_ measurement: Span<Float>) throws(InversionError) {
    for i in measurement.indices where !(measurement[i] >= 0) {
      throw .negativeCount(measurement[i], index: i)
    }
    let b = background.values.span
    for i in b.indices where !(b[i] >= 0 && b[i].isFinite) { throw .negativeBackground(b[i]) }
  }

  public func value(_ u: Span<Float>, _ y: Span<Float>, from first: Int) -> Double {
    precondition(u.count == y.count)
    var sum = 0.0
    background.forEachPiece(of: first..<first + u.count) { piece, b in
      for i in piece.lowerBound - first..<piece.upperBound - first {
        let mean = max(u[i] + b, Self.smallest)
        sum += Double(mean) - (y[i] > 0 ? Double(y[i]) * .log(Double(mean)) : 0)
      }
    }
    return sum
  }

  public func formGradient(_ u: inout MutableSpan<Float>, _ y: Span<Float>, from first: Int) {
    precondition(u.count == y.count)
    background.forEachPiece(of: first..<first + u.count) { piece, b in
      for i in piece.lowerBound - first..<piece.upperBound - first {
        let mean = unsafe u[unchecked: i] + b
        unsafe u[unchecked: i] =
          1 - y[unchecked: i] / (mean > Self.smallest ? mean : Self.smallest)
      }
    }
  }

  /// `q̂ = ½ (λ + w − √((w − λ)² + 4 λ σ y))`, `w = q + σ (u + b)`
  ///
  /// - Reference: A. Chambolle and T. Pock, J. Math. Imaging Vis. 40, 120 (2011), section 6.
  public func formDual(
    _ q: inout MutableSpan<Float>, _ u: Span<Float>, _ y: Span<Float>, from first: Int,
    step: DualStep
  ) {
    precondition(u.count == y.count && q.count == u.count)
    let (λ, ρ) = (step.weight, step.relaxation)
    background.forEachPiece(of: first..<first + u.count) { piece, b in
      step.steps.forEachPiece(of: piece) { piece, σ in
        for i in piece.lowerBound - first..<piece.upperBound - first {
          let old = unsafe q[unchecked: i]
          let w = unsafe old + σ * (u[unchecked: i] + b)
          let count = unsafe 4 * λ * σ * y[unchecked: i]
          let new = 0.5 * (λ + w - ((w - λ) * (w - λ) + count).squareRoot())
          unsafe q[unchecked: i] = old + ρ * (new - old)
        }
      }
    }
  }

  /// `1 / (mean y + mean b)`, the mean over the true values: padding is zero.
  public func meanCurvature(_ measurement: Span<Float>, valueCount: Int) -> Double {
    var sum = 0.0
    for i in measurement.indices { sum += Double(measurement[i]) }
    let mean = sum / Double(max(1, valueCount)) + background.mean
    return mean > 0 ? 1 / mean : 1
  }

  /// `max y / b²`
  public func largestCurvature(_ y: Span<Float>) throws(InversionError) -> Double {
    let values = background.values.span
    let least = values.indices.reduce(Float.infinity) { min($0, values[$1]) }
    guard least > 0 else { throw .noCurvature }
    let most = y.indices.reduce(0) { max($0, y[$1]) }
    return Double(most) / (Double(least) * Double(least))
  }
}
