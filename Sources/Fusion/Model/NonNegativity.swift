import Fields
import Inversion
import Operators

/// `u ≥ 0`, where the unknowns are mixtures that may be negative: `d` is 0 there and ∞ elsewhere.
struct NonNegativity: SmoothDiscrepancy {
  func check(_ measurement: Span<Float>) {}
  func value(_ u: Span<Float>, _ y: Span<Float>, from first: Int) -> Double { 0 }
  func formGradient(_ u: inout MutableSpan<Float>, _ y: Span<Float>, from first: Int) {
    for i in u.indices { u[i] = 0 }
  }
  func meanCurvature(_ y: Span<Float>, valueCount: Int) -> Double { 0 }
  func largestCurvature(_ y: Span<Float>) throws(InversionError) -> Double { throw .noCurvature }

  /// `q̂ = min(q + σ u, 0)`
  func formDual(
    _ q: inout MutableSpan<Float>, _ u: Span<Float>, _ y: Span<Float>, from first: Int,
    step: DualStep
  ) {
    let ρ = step.relaxation
    step.steps.forEachPiece(of: first..<first + u.count) { piece, σ in
      for i in piece.lowerBound - first..<piece.upperBound - first {
        let old = unsafe q[unchecked: i]
        let ahead = unsafe old + σ * u[unchecked: i]
        unsafe q[unchecked: i] = old + ρ * ((ahead < 0 ? ahead : 0) - old)
      }
    }
  }
}
