import Fields
import RealModule

/// What HAADF sees of an element at a concentration of 1, divided by the same of the element that it sees best, as image
/// and counts tell it without any assumption.
public struct FoundWeight: Sendable, Codable, Hashable {
  public let value: Double
  /// Its standard error.
  public let error: Double
  /// What the fit took; `nil` where the coefficients were free.
  public let used: Double?
  /// `(Z / Z_best)^γ`
  public let atomic: Double

  /// Whether what is used lies further off than three standard errors and a fifth.
  var contradictsUsed: Bool {
    used.map { abs(value - $0) > max(3 * error, 0.2 * $0) } ?? false
  }

  /// Whether free coefficients are far from `Z^γ`: beyond a factor of five, since concentrations have no common unit.
  var isFarFromAtomic: Bool {
    used == nil && (value + 3 * error < 0.2 * atomic || value - 3 * error > 5 * atomic)
  }
}

extension FusionProblem {
  /// The weights of an image with several elements, errors by the jackknife over eighths of its squares of 8 × 8 pixels;
  /// empty for tilt series and for one element.
  func foundWeights(_ x: borrowing FloatStorage, isTied: Bool) throws -> [FoundWeight] {
    guard data.haadf.pictures.count == 1, data.maps.count > 1 else { return [] }
    let equations = try gainEquations(x, isTied: false)
    let parts = equations.rowsOfParts
    func coefficients(without left: Int?) -> [Double] {
      var rows = equations.rows
      if let left {
        for i in rows.indices {
          for j in rows[i].indices { rows[i][j] -= parts[left][i][j] }
        }
      }
      let unknown = [Double?](repeating: nil, count: data.maps.count + 1)
      return Array(nonNegativeSolution(rows, fixed: unknown).dropLast())
    }
    let all = coefficients(without: nil)
    guard let best = all.indices.max(by: { all[$0] < all[$1] }), all[best] > 0 else { return [] }
    let trials = parts.indices.map { coefficients(without: $0) }.filter { $0[best] > 0 }
    return all.indices.map { e in
      let ratios = trials.map { $0[e] / $0[best] }
      let n = Double(max(ratios.count, 1))
      let mean = ratios.reduce(0, +) / n
      let squares = ratios.reduce(0.0) { $0 + ($1 - mean) * ($1 - mean) }
      return FoundWeight(
        value: all[e] / all[best], error: ((n - 1) / n * squares).squareRoot(),
        used: isTied ? weights[e] / weights[best] : nil,
        atomic: atomicShares[e] / atomicShares[best])
    }
  }
}

extension GainEquations {
  private static let partCount = 8

  /// ``rows`` of each eighth of the squares of 8 × 8 pixels.
  fileprivate var rowsOfParts: [[[Double]]] {
    let (one, y) = (FloatStorage(repeating: 1, count: haadf.measurement.count), haadf.measurement)
    let (left, right) = (instruments + [one], columns + [one, y])
    var parts = [[[Double]]](
      repeating: left.map { _ in right.map { _ in 0 } }, count: Self.partCount)
    for block in haadf.pictures.blocks(8) {
      let part = (block.rows.lowerBound / 8 * 3 + block.columns.lowerBound / 8) % Self.partCount
      for (i, z) in left.enumerated() {
        for (j, u) in right.enumerated() {
          var sum = 0.0
          let (z, u) = (z.span, u.span)
          haadf.pictures.forEachPixel(of: block) { sum += Double(z[$0]) * Double(u[$0]) }
          parts[part][i][j] += sum
        }
      }
    }
    return parts
  }
}
