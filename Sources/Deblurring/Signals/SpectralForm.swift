package import DenseAlgebra

/// What a quadratic penalty is laid on.
package enum Penalty: String, Sendable, Codable, CaseIterable {
  /// `‖x‖²`: values are small.
  case size
  /// `‖Dx‖²` with forward differences D: values vary slowly.
  case slope

  /// `L` in `‖Lx‖²`.
  func matrix(_ count: Int) -> Matrix {
    self == .size ? .identity(count) : .differences(count)
  }
}

/// An operator and a quadratic penalty in the basis that makes both diagonal.
///
///     H xᵢ = cᵢ uᵢ,   ‖Σ aᵢ xᵢ‖ under the penalty = Σ aᵢ² sᵢ²
///
/// For `‖x‖²` this is the singular value decomposition: cᵢ = σᵢ, sᵢ = 1, xᵢ = vᵢ. For `‖Dx‖²` it is the
/// generalised one, with (c/a)² + s² = 1, by a decomposition of H/a above D and one of its upper part; a is the power of
/// two next to ‖H‖, since 1 − c² would have no digits left of a large H, and c none of a small one.
///
/// - Reference: P. C. Hansen, Rank-Deficient and Discrete Ill-Posed Problems (1998), section 2.1;
///   C. F. Van Loan, Numer. Math. 46, 479 (1985).
package struct SpectralForm: Sendable {
  /// `cᵢ`, from the largest down.
  package let gains: [Double]
  /// `sᵢ²`
  package let costs: [Double]
  /// `[measurement][i]`
  private let u: Matrix
  /// `xᵢ`, `[i][signal]`
  package let atoms: Matrix

  /// - Throws: `DenseError` where the operator is not finite.
  /// - Complexity: O(n³)
  package init(_ h: Matrix, _ penalty: Penalty = .size) throws(DenseError) {
    switch penalty {
    case .size:
      let svd = try SingularValues(h)
      (gains, u, atoms) = (svd.values, svd.u, svd.vt)
      costs = gains.map { _ in 1 }
    case .slope:
      let size = try SingularValues(h).values.first ?? 0
      let scale = size > 0 ? Double(sign: .plus, exponent: size.exponent, significand: 1) : 1
      let scaled = Matrix(rowCount: h.rowCount, columnCount: h.columnCount) { h[$0, $1] / scale }
      // [H/a; D] = Q R with R = Σ Vᵀ, which exists since only constants have no differences.
      let whole = try SingularValues(scaled.above(penalty.matrix(h.columnCount)))
      let upper = try SingularValues(whole.u.rows(Array(0..<h.rowCount)))
      (gains, u) = (upper.values.map { $0 * scale }, upper.u)
      costs = upper.values.map { max(0, 1 - $0 * $0) }
      // xᵢ = R⁻¹ wᵢ = V Σ⁻¹ wᵢ
      let floor = Double.ulpOfOne * (whole.values.first ?? 0)
      let inverse = whole.vt.scalingRows(by: whole.values.map { $0 > floor ? 1 / $0 : 0 })
      atoms = upper.vt * inverse
    }
  }

  /// `uᵢᵀ y`
  package func coefficients(of y: [Double]) -> [Double] { u.transposedTimes(y) }

  /// `x = Σᵢ φᵢ (uᵢᵀ y) / cᵢ · xᵢ` with the factors φ of a filter.
  ///
  /// - Complexity: O(n²)
  package func solution(_ y: [Double], _ filter: SpectralFilter) -> [Double] {
    let weights = filter.weights(self)
    return atoms.transposedTimes(zip(weights, coefficients(of: y)).map(*))
  }
}
