import Fields
import RealModule

/// Unknowns `z` in which the fits of one pixel bend alike in all directions: `x = M z`.
///
/// Where HAADF weighs one mixture of the elements a thousand times more than the maps weigh their differences,
/// steps that suit the mixture never reach the differences. With map curvatures `κₑ` and slopes `aₑ` of HAADF in
/// units of its noise, the curvature is `C = diag κ + a aᵀ`, and
///
///     M = D (√r (I − b̂ b̂ᵀ) + b̂ b̂ᵀ / √(1 + |b|²)),   D = diag κ^−½,   b = D a
///
/// is a root of its inverse (r = 1). The ratio `r` makes the dual steps of differences longer: TV has to carry few
/// counts far.
struct Whitening {
  /// `M`, `[element][unknown]`
  let rows: [[Float]]
  /// `M⁻¹`, `[unknown][element]`
  let inverse: [[Float]]

  static let ratio = 0.05

  init(curvatures κ: [Double], slopes a: [Double]) {
    let d = κ.map { 1 / max($0, .leastNormalMagnitude).squareRoot() }
    let b = zip(d, a).map { $0 * $1 }
    let square = b.reduce(0) { $0 + $1 * $1 }
    let unit = b.map { square > 0 ? $0 / square.squareRoot() : 0 }
    let (rest, along) = (Self.ratio.squareRoot(), 1 / (1 + square).squareRoot())
    func entry(_ i: Int, _ j: Int, _ rest: Double, _ along: Double) -> Double {
      (i == j ? rest : 0) + unit[i] * unit[j] * (along - rest)
    }
    rows = d.indices.map { i in d.indices.map { Float(d[i] * entry(i, $0, rest, along)) } }
    inverse = d.indices.map { i in
      d.indices.map { Float(entry(i, $0, 1 / rest, 1 / along) / d[$0]) }
    }
  }

  /// `x = M z`
  func concentrations(_ z: borrowing FloatStorage) -> FloatStorage { Self.mix(z, rows) }
  /// `z = M⁻¹ x`
  func unknowns(_ x: borrowing FloatStorage) -> FloatStorage { Self.mix(x, inverse) }

  private static func mix(_ x: borrowing FloatStorage, _ rows: [[Float]]) -> FloatStorage {
    let count = x.count / rows.count
    var mixed = FloatStorage(zeros: x.count)
    var values = mixed.mutableSpan
    let x = x.span
    for (i, row) in rows.enumerated() {
      for (j, weight) in row.enumerated() {
        for k in 0..<count { values[i * count + k] += weight * x[j * count + k] }
      }
    }
    return mixed
  }
}
