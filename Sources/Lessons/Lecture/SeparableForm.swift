package import DenseAlgebra

/// Tikhonov's solution for a picture that is blurred along rows and along columns by the same operator.
///
///     Y = H X Hᵀ,   X̂ = V (F ∘ UᵀYU) Vᵀ,   Fᵢⱼ = σᵢσⱼ / (σᵢ²σⱼ² + λ)
///
/// which minimises `‖H X Hᵀ − Y‖² + λ ‖X‖²`, since the singular values of H ⊗ H are all products.
package struct SeparableForm: Sendable {
  private let svd: SingularValues

  /// - Throws: `DenseError`
  package init(_ h: Matrix) throws(DenseError) { svd = try SingularValues(h) }

  /// `X̂`
  ///
  /// - Complexity: O(n³)
  package func tikhonov(_ y: Matrix, lambda: Double) -> Matrix {
    let inner = svd.u.transposed * y * svd.u
    let damped = Matrix(rowCount: inner.rowCount, columnCount: inner.columnCount) { i, j in
      let σ = svd.values[i] * svd.values[j]
      return σ > 0 ? inner[i, j] * σ / (σ * σ + lambda) : 0
    }
    return svd.vt.transposed * damped * svd.vt
  }
}
