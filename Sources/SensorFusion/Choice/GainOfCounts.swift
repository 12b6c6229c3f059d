import Fields
import Operators
import RealModule

extension FusionProblem {
  /// `cₑ ≥ 0` and `o` of an image from the counts themselves, with concentrations `x` as instruments.
  ///
  /// Least squares on denoised maps finds false gains, since these are blunt, and on counts, since these are noisy. With
  /// the counts that a fit leaves over brought back to first order,
  ///
  ///     uₑ = A (xₑ^γ + γ xₑ^(γ−1) (b_E,e − b − s B xₑ) / s),   zₑ = A xₑ^γ,   Σⱼ ⟨zᵢ, uⱼ⟩ cⱼ + ⟨zᵢ, 1⟩ o = ⟨zᵢ, b_H⟩
  ///
  /// neither matters: noise of `uₑ` averages out over the areas in which `zₑ` is smooth.
  ///
  /// - Reference: W. Fuller, Measurement Error Models (Wiley 1987), section 1.4.
  func calibratedByCounts(
    _ x: borrowing FloatStorage, gain: Double?, offset: Double?
  ) throws -> Calibration {
    let shares = atomicShares
    let isTied = gain != nil || data.maps.allSatisfy { $0.scale != nil }
    var instruments = try shares.indices.map { e in
      try haadfSignal(x, shares.indices.map { $0 == e ? 1 : 0 })
    }
    var columns = shares.indices.map { countColumn(x, $0) }
    if isTied {
      instruments = [mixture(instruments, shares)]
      columns = [mixture(columns, shares)]
    }
    let count = Double(data.haadf.pictures.shape.valueCount)
    let y = data.haadf.measurement.span
    var rows: [[Double]] = []
    for z in instruments {
      rows.append(
        columns.map { dot(z.span, $0.span) } + [total(z.span), dot(z.span, y)])
    }
    rows.append(columns.map { total($0.span) } + [count, total(y)])
    let found = nonNegativeSolution(
      rows,
      fixed: [isTied ? gain : nil] + [Double?](repeating: nil, count: columns.count - 1)
        + [offset])
    return Calibration(
      coefficients: isTied ? shares.map { $0 * found[0] } : Array(found.dropLast()),
      offset: found[columns.count])
  }

  /// `A (xₑ^γ + γ xₑ^(γ−1) (b_E,e − b − s B xₑ) / s)`
  private func countColumn(_ x: borrowing FloatStorage, _ e: Int) -> FloatStorage {
    let map = data.maps[e]
    let scale = Float(scales[e] * Double(map.pixelCount))
    var rest = mapSignal(x, e)
    let (y, background) = (map.measurement.span, map.backgrounds)
    var left = rest.mutableSpan
    for block in map.pictures.blocks(64) {
      map.pictures.forEachPixel(of: block) { i in
        left[i] = (y[i] - background[i] - left[i]) / scale
      }
    }
    let k = Float(map.binning.factor)
    var fine = FloatStorage(zeros: map.binning.fine.count)
    var pixels = fine.mutableSpan
    map.binning.spread(rest.span, into: &pixels, times: k > 1 ? k * k : 1)
    var concentration = fine
    if !map.shift.isNothing { map.imaging.applyAdjoint(fine.span, into: concentration.mutableSpan) }
    let own = x.span.extracting(e * data.voxelCount..<(e + 1) * data.voxelCount)
    let γ = Float(model == .power ? exponent : 1)
    var values = concentration.mutableSpan
    for i in values.indices {
      let x = max(own[i], 0)
      values[i] = quickPower(x, γ) + (γ == 1 ? 1 : γ * quickPower(x, γ - 1)) * values[i]
    }
    var image = FloatStorage(zeros: data.haadf.imaging.rangeCount)
    data.haadf.imaging.apply(concentration.span, into: image.mutableSpan)
    return image
  }

  private func mixture(_ columns: [FloatStorage], _ weights: [Double]) -> FloatStorage {
    var sum = FloatStorage(zeros: columns[0].count)
    var values = sum.mutableSpan
    for (column, weight) in zip(columns, weights) {
      for i in values.indices { values[i] += Float(weight) * column.span[i] }
    }
    return sum
  }

  private func total(_ field: Span<Float>) -> Double {
    field.indices.reduce(0.0) { $0 + Double(field[$1]) }
  }
}

/// The solution of `n` equations, `[coefficients | right]`, whose unknowns but the last are not negative: those that
/// would be are left out, the most negative first.
///
/// - Parameter fixed: values of unknowns that are known.
func nonNegativeSolution(_ rows: [[Double]], fixed: [Double?]) -> [Double] {
  var fixed = fixed
  while true {
    let free = fixed.indices.filter { fixed[$0] == nil }
    var system = free.map { i in
      free.map { rows[i][$0] }
        + [rows[i][rows.count] - fixed.indices.reduce(0) { $0 + rows[i][$1] * (fixed[$1] ?? 0) }]
    }
    let found = eliminated(&system)
    var solution = fixed.map { $0 ?? 0 }
    for (k, i) in free.enumerated() { solution[i] = found[k] }
    let worst = free.filter { $0 < rows.count - 1 }.min { solution[$0] < solution[$1] }
    guard let worst, solution[worst] < 0 else { return solution }
    fixed[worst] = 0
  }
}

/// Gauss's elimination with row exchange; 0 for unknowns that nothing determines.
private func eliminated(_ system: inout [[Double]]) -> [Double] {
  let n = system.count
  for k in 0..<n {
    let pivot = (k..<n).max { abs(system[$0][k]) < abs(system[$1][k]) } ?? k
    system.swapAt(k, pivot)
    guard system[k][k] != 0 else { continue }
    for i in 0..<n where i != k {
      let factor = system[i][k] / system[k][k]
      for j in k...n { system[i][j] -= factor * system[k][j] }
    }
  }
  return (0..<n).map { system[$0][$0] != 0 ? system[$0][n] / system[$0][$0] : 0 }
}
