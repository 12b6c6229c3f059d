package import Fields
import DenseAlgebra

/// How far a page lies from what a reconstruction predicts of it.
///
/// To first order in a small motion d(r) = (a + μ u − ρ v, b + μ v + ρ u),
///
///     p(r) ≈ g q(r − d) + h ≈ g q + h − g (∂q/∂u d_u + ∂q/∂v d_v)
///
/// solved for g, h, a, b and, where asked for, ρ and μ, by least squares over the inner part of the page. The gradient is
/// that of the prediction, which has less noise.
///
/// - Reference: S. Baker and I. Matthews, Int. J. Comput. Vis. 56, 221 (2004).
package struct PictureFit: Sendable {
  /// What has to be done to the page, in its own pixels.
  package let correction: Placement
  /// Of the page with the prediction.
  package let correlation: Double
  /// `Σ (p − g q − h)²` before the motion.
  package let residual: Double
  /// What is left after the shift, to first order, in bands of rows.
  package let bands: [Double]
  /// `Σ (p − p̄)²`
  package let energy: Double
  /// Pixels of the inner part.
  package let count: Int

  package init(_ page: Image, _ prediction: Image, turns: Bool, magnifies: Bool) {
    let (rows, columns) = (page.rowCount, page.columnCount)
    let (marginV, marginU) = (max(2, rows / 10), max(2, columns / 24))
    let unknowns = 4 + (turns ? 1 : 0) + (magnifies ? 1 : 0)
    var normal = [Double](repeating: 0, count: 36)
    var right = [Double](repeating: 0, count: 6)
    var (sum, square, count) = (0.0, 0.0, 0.0)
    let (p, q) = (page.pixels.span, prediction.pixels.span)
    var line = InlineArray<6, Double>(repeating: 0)
    for row in marginV..<rows - marginV {
      let v = Double(row) - Double(rows - 1) / 2
      for column in marginU..<columns - marginU {
        let i = row * columns + column
        let u = Double(column) - Double(columns - 1) / 2
        let du = 0.5 * Double(q[i + 1] - q[i - 1])
        let dv = 0.5 * Double(q[i + columns] - q[i - columns])
        (line[0], line[1], line[2], line[3]) = (Double(q[i]), 1, -du, -dv)
        var next = 4
        if turns {
          line[next] = v * du - u * dv
          next += 1
        }
        if magnifies { line[next] = -(u * du + v * dv) }
        let value = Double(p[i])
        (sum, square, count) = (sum + value, square + value * value, count + 1)
        for a in 0..<unknowns {
          right[a] += line[a] * value
          for b in 0...a { normal[a * 6 + b] += line[a] * line[b] }
        }
      }
    }
    self.count = Int(count)
    energy = max(square - sum * sum / max(count, 1), 0)
    // Gain and level alone: what is left before the motion.
    let (qq, q1, n) = (normal[0], normal[6], max(normal[7], 1))
    let spread = qq - q1 * q1 / n
    let shared = right[0] - q1 * right[1] / n
    residual = spread > 0 ? max(energy - shared * shared / spread, 0) : energy
    correlation = spread > 0 && energy > 0 ? shared / (spread * energy).squareRoot() : 0
    let scale = (0..<unknowns).map { max(normal[$0 * 7], .leastNormalMagnitude).squareRoot() }
    let matrix = Matrix(rowCount: unknowns, columnCount: unknowns) { a, b in
      let value = normal[max(a, b) * 6 + min(a, b)] / (scale[a] * scale[b])
      return a == b ? value + 1e-9 : value
    }
    guard shared > 0, let factor = try? Cholesky(matrix) else {
      correction = Placement()
      let count = Self.bandCount(inner: rows - 2 * marginV)
      bands = [Double](repeating: residual / Double(count), count: count)
      return
    }
    let solution = zip(factor.solve((0..<unknowns).map { right[$0] / scale[$0] }), scale)
      .map { $0 / $1 }
    let gain = solution[0]
    bands = Self.bands(page, prediction, (marginV, marginU), solution)
    guard gain > 0 else {
      correction = Placement()
      return
    }
    let rotation = turns ? solution[4] / gain : 0
    let growth = magnifies ? solution[unknowns - 1] / gain : 0
    correction = Placement(
      across: -solution[2] / gain, along: -solution[3] / gain, rotation: -rotation,
      magnification: 1 / (1 + min(max(growth, -0.05), 0.05)))
  }

  /// Bands of six rows or more, so that few things lie in two of them: three to eight.
  private static func bandCount(inner rows: Int) -> Int { min(max(rows / 6, 3), 8) }

  /// `Σ (p − g q − h + g ∇q · d)²` over every band of the inner part.
  private static func bands(
    _ page: Image, _ prediction: Image, _ margin: (rows: Int, columns: Int),
    _ solution: [Double]
  ) -> [Double] {
    let (rows, columns) = (page.rowCount, page.columnCount)
    let inner = margin.rows..<rows - margin.rows
    let (p, q) = (page.pixels.span, prediction.pixels.span)
    let (gain, level, across, along) = (solution[0], solution[1], solution[2], solution[3])
    let bandCount = bandCount(inner: inner.count)
    var result = [Double](repeating: 0, count: bandCount)
    for row in inner {
      var sum = 0.0
      for column in margin.columns..<columns - margin.columns {
        let i = row * columns + column
        let du = 0.5 * Double(q[i + 1] - q[i - 1])
        let dv = 0.5 * Double(q[i + columns] - q[i - columns])
        let left = Double(p[i]) - gain * Double(q[i]) - level + across * du + along * dv
        sum += left * left
      }
      result[(row - inner.lowerBound) * bandCount / inner.count] += sum
    }
    return result
  }
}
