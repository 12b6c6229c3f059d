package import Imaging
import RealModule

/// Tikhonov deblurring where no transform makes the blur diagonal: by conjugate gradients.
///
///     (Hᵀ W H + λ LᵀL) x = Hᵀ W y,    L = 1 or ∇ (forward differences, zero at the far edge)
///
/// W is 1, or 0 where a pixel is left out. Preconditioned by the filter that would be the answer if
/// there were no ends, `F⁻¹ 1 / (|ĥ|² + λ |d|²) F` on the continued field. Everything is in double
/// precision. Memory: seven doubles a point beside the blur.
///
/// - Reference: M. R. Hestenes and E. Stiefel, J. Res. NBS 49, 409 (1952); T. Chan, SIAM J. Sci. Stat.
///   Comput. 9, 766 (1988).
package struct ImageNormalEquations: Sendable {
  package enum Penalty: Sendable { case size, gradient }

  package let blur: FieldBlur
  package let penalty: Penalty
  /// Ends once the residual of the equations falls below this part of the right side.
  package var tolerance = 1e-6
  package var iterationLimit = 500
  /// Which pixels count; all where it is empty.
  package var mask: [Bool] = []

  package init(_ blur: FieldBlur, _ penalty: Penalty) {
    (self.blur, self.penalty) = (blur, penalty)
  }

  /// - Parameters:
  ///   - lambda: above zero.
  ///   - start: where to begin; zeros by default.
  ///   - onIteration: is told the residual after each iteration, and ends the run by `false`.
  /// - Returns: `x`, and the residual of the equations after each iteration.
  /// - Complexity: O(N log N) an iteration.
  package func solve(
    _ y: [Double], lambda: Double, from start: [Double]? = nil,
    onIteration: (_ residual: Double) -> Bool = { _ in true }
  ) -> (x: [Double], residuals: [Double]) {
    precondition(y.count == blur.grid.count && lambda > 0, "the measurement does not fit the blur")
    let inverse = preconditioner(lambda)
    var right = y
    var weighted = y
    weigh(&weighted)
    blur.applyAdjoint(weighted.span, into: right.mutableSpan)
    var x = start ?? [Double](repeating: 0, count: y.count)
    var scratch = weighted
    var q = [Double](repeating: 0, count: y.count)
    apply(x, lambda, into: &q, &scratch)
    var r = right
    for i in r.indices { r[i] -= q[i] }
    var z = r
    blur.filter(r.span, into: z.mutableSpan, times: inverse)
    var p = z
    var rz = product(r, z)
    let size = product(right, right).squareRoot()
    var residuals: [Double] = []
    for _ in 0..<iterationLimit where size > 0 {
      apply(p, lambda, into: &q, &scratch)
      let curvature = product(p, q)
      guard curvature > 0 else { break }
      let α = rz / curvature
      for i in x.indices {
        x[i] += α * p[i]
        r[i] -= α * q[i]
      }
      let residual = product(r, r).squareRoot() / size
      residuals.append(residual)
      if !onIteration(residual) || residual < tolerance { break }
      blur.filter(r.span, into: z.mutableSpan, times: inverse)
      let next = product(r, z)
      let β = next / rz
      rz = next
      for i in p.indices { p[i] = z[i] + β * p[i] }
    }
    return (x, residuals)
  }

  /// `q ← (Hᵀ W H + λ LᵀL) p`
  private func apply(
    _ p: borrowing [Double], _ lambda: Double, into q: inout [Double], _ scratch: inout [Double]
  ) {
    blur.apply(p.span, into: scratch.mutableSpan)
    weigh(&scratch)
    blur.applyAdjoint(scratch.span, into: q.mutableSpan)
    switch penalty {
    case .size: for i in q.indices { q[i] += lambda * p[i] }
    case .gradient: addLaplacian(of: p, times: lambda, to: &q)
    }
  }

  private func weigh(_ field: inout [Double]) {
    for i in mask.indices where !mask[i] { field[i] = 0 }
  }

  /// `q ← q + λ ∇ᵀ∇ p`
  private func addLaplacian(of p: borrowing [Double], times lambda: Double, to q: inout [Double]) {
    let grid = blur.grid
    let counts = [grid.planeCount, grid.rowCount, grid.columnCount]
    let strides = [grid.rowCount * grid.columnCount, grid.columnCount, 1]
    let source = p.span
    for axis in 0..<3 where counts[axis] > 1 {
      let (count, step) = (counts[axis], strides[axis])
      for i in q.indices {
        let place = i / step % count
        guard place + 1 < count || blur.ends == .periodic else { continue }
        let next = place + 1 < count ? i + step : i - (count - 1) * step
        let difference = lambda * (source[next] - source[i])
        q[next] += difference
        q[i] -= difference
      }
    }
  }

  /// `1 / (|ĥ|² + λ |d|²)`, in the order of the blur's response.
  private func preconditioner(_ lambda: Double) -> [Double] {
    let transform = blur.transform
    var factors = blur.response
    let (rows, planes) = (transform.rowCount, transform.planeCount)
    func cost(_ k: Int, _ n: Int) -> Double {
      n > 1 ? 2 - 2 * .cos(2 * .pi * Double(k) / Double(n)) : 0
    }
    let rowCosts = (0..<rows).map { cost($0, rows) }
    for k in 0..<transform.modeColumnCount {
      let column = cost(k, transform.columnCount)
      for plane in 0..<planes {
        let base = column + cost(plane, planes)
        for row in 0..<rows {
          let i = k * transform.lineStride + 2 * (plane * rows + row)
          let gain = factors[i] * factors[i] + factors[i + 1] * factors[i + 1]
          let weight = penalty == .size ? 1 : max(base + rowCosts[row], 1e-6)
          factors[i] = 1 / (gain + lambda * weight)
          factors[i + 1] = 0
        }
      }
    }
    return factors
  }

  /// `⟨a, b⟩` over four lanes.
  private func product(_ a: borrowing [Double], _ b: borrowing [Double]) -> Double {
    let (a, b) = (a.span, b.span)
    var lanes = SIMD4<Double>.zero
    let whole = a.count & ~3
    for i in stride(from: 0, to: whole, by: 4) {
      for l in 0..<4 { lanes[l] += a[i + l] * b[i + l] }
    }
    return (whole..<a.count).reduce(lanes.sum()) { $0 + a[$1] * b[$1] }
  }
}
