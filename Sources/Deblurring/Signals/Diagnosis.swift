package import DenseAlgebra
import Inversion

/// How much trouble the inverse of an operator is, by its condition number κ.
package enum Conditioning: String, Sendable, Codable, CaseIterable {
  /// κ below 10: the inverse may be used.
  case safe
  /// From 10 to 10⁴: some regularisation is needed.
  case moderate
  /// Above 10⁴: without regularisation nothing is left.
  case severe

  package init(conditionNumber κ: Double) {
    self = κ < 10 ? .safe : κ <= 1e4 ? .moderate : .severe
  }
}

/// What an operator lets through of a signal, component by component.
package struct Diagnosis: Sendable {
  /// `σᵢ`, from the largest down.
  package let singularValues: [Double]
  /// `|uᵢᵀ y|`: Picard's plot compares them with `σᵢ`.
  package let coefficients: [Double]
  /// `‖y − U Uᵀ y‖ / ‖y‖`: what no signal explains.
  package let unexplained: Double
  /// The standard deviation of the noise, where it is known.
  package let noise: Double?
  private let rowCount: Int
  private let columnCount: Int
  private let decomposition: SingularValues

  /// - Throws: `DenseError`
  package init(_ blur: Blur, _ y: [Double], noise: Double?) throws(DenseError) {
    let svd = try SingularValues(blur.matrix)
    (decomposition, singularValues, self.noise) = (svd, svd.values, noise)
    (rowCount, columnCount) = (blur.matrix.rowCount, blur.matrix.columnCount)
    let inner = svd.coefficients(of: y)
    coefficients = inner.map { abs($0) }
    // Components beyond the rank hold what no signal explains.
    let explained = zip(inner, svd.values).map { $1 > svd.rounding ? $0 : 0 }
    let (whole, rest) = (norm(y), zip(y, svd.u * explained).map { $0 - $1 })
    unexplained = whole > 0 ? norm(rest) / whole : 0
  }

  package var conditionNumber: Double { decomposition.conditionNumber }
  package var conditioning: Conditioning { Conditioning(conditionNumber: conditionNumber) }

  /// Singular values above the rounding of the largest, `max(m, n) ε σ₁`.
  package var rank: Int { singularValues.count { $0 > decomposition.rounding } }

  /// The singular value below which a component of a signal with root mean square `level` drowns: `ε / level`.
  ///
  /// - Returns: `nil` where the noise is not known.
  package func noiseFloor(forSignal level: Double) -> Double? { noise.map { $0 / level } }

  /// `‖ε‖ / σ_min`, which no naive inverse errs beyond.
  package func errorBound(noiseNorm: Double) -> Double {
    noiseNorm / (singularValues.last ?? 0)
  }

  /// `vᵢᵀ x`, one a component.
  package func components(of x: [Double]) -> [Double] { decomposition.vt * x }

  /// The part of `feature` in components with a singular value at or below `floor`, which no method gets back.
  ///
  ///     f − Σ_{σᵢ > floor} vᵢ (vᵢᵀ f)
  ///
  /// - Parameter floor: the rounding of the largest singular value by default: the null space.
  package func lost(_ feature: [Double], below floor: Double? = nil) -> [Double] {
    let floor = floor ?? decomposition.rounding
    let parts = zip(components(of: feature), singularValues).map { $1 > floor ? $0 : 0 }
    return zip(feature, decomposition.vt.transposedTimes(parts)).map { $0 - $1 }
  }

  /// Hadamard's three conditions for this operator and measurement, each in a sentence.
  ///
  /// - Reference: J. Hadamard, Princeton Univ. Bull. 13, 49 (1902).
  package var hadamard: Hadamard { Hadamard(self, rows: rowCount, columns: columnCount) }
}

extension SingularValues {
  /// Below this a singular value is rounding: `max(m, n) ε σ₁`.
  fileprivate var rounding: Double {
    Double(max(u.rowCount, vt.columnCount)) * .ulpOfOne * (values.first ?? 0)
  }
}

/// Existence, uniqueness and stability, in words.
package struct Hadamard: Sendable, Codable, Hashable {
  package let existence: String
  package let uniqueness: String
  package let stability: String
  package let isWellPosed: Bool

  init(_ diagnosis: Diagnosis, rows: Int, columns: Int) {
    let (rank, κ) = (diagnosis.rank, diagnosis.conditionNumber)
    let hasExistence = rank == rows
    let hasUniqueness = rank == columns
    existence =
      hasExistence
      ? "A signal exists that explains the measurement exactly, noise included."
      : """
      No signal explains the measurement exactly: the operator reaches \(rank) of its \(rows) dimensions, \
      and \(short(100 * diagnosis.unexplained)) % of this measurement is outside.
      """
    uniqueness =
      hasUniqueness
      ? "Only one signal explains it, since all \(columns) singular values are above rounding errors."
      : """
      Many signals explain it equally: \(columns - rank) of \(columns) directions do not appear in the \
      measurement.
      """
    stability =
      switch diagnosis.conditioning {
      case .safe: "Stable: errors grow at most by κ = \(short(κ))."
      case .moderate:
        """
        Weakly stable: a relative error in the measurement may grow by κ = \(short(κ)). \
        Some regularisation is needed.
        """
      case .severe:
        """
        Unstable: a relative error in the measurement may grow by κ = \(short(κ)). \
        Without regularisation the result is noise.
        """
      }
    isWellPosed = hasExistence && hasUniqueness && diagnosis.conditioning == .safe
  }
}
