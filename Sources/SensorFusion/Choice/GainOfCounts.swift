import Fields
import Operators
import RealModule

/// `Σⱼ ⟨zᵢ, uⱼ⟩ cⱼ + ⟨zᵢ, 1⟩ o = ⟨zᵢ, b_H⟩` for the coefficients of HAADF, and its last row with `z = 1` for the offset.
struct GainEquations {
  /// `zᵢ`
  let instruments: [FloatStorage]
  /// `uⱼ`
  let columns: [FloatStorage]
  let haadf: HAADFSignal

  /// `[coefficients | right]`
  var rows: [[Double]] {
    let y = haadf.measurement.span
    let count = Double(haadf.pictures.shape.valueCount)
    return instruments.map { z in
      columns.map { dot(z.span, $0.span) } + [total(z.span), dot(z.span, y)]
    } + [columns.map { total($0.span) } + [count, total(y)]]
  }

  private func total(_ field: Span<Float>) -> Double {
    field.indices.reduce(0.0) { $0 + Double(field[$1]) }
  }
}

extension FusionProblem {
  /// The equations of tilt series are those of least squares, `u = z = A x^γ`. Those of an image are from the counts
  /// themselves, with concentrations `x` as instruments.
  ///
  /// Least squares on denoised maps finds false gains, since these are blunt, and on counts, since these are noisy. With
  /// the counts that a fit leaves over brought back to first order,
  ///
  ///     uₑ = A (xₑ^γ + γ xₑ^(γ−1) (b_E,e − b − s B xₑ) / s),   zₑ = A xₑ^γ
  ///
  /// neither matters: noise of `uₑ` averages out over the areas in which `zₑ` is smooth.
  ///
  /// - Parameter isTied: whether coefficients are those of ``weights`` times one gain.
  /// - Reference: W. Fuller, Measurement Error Models (Wiley 1987), section 1.4.
  func gainEquations(_ x: borrowing FloatStorage, isTied: Bool) throws -> GainEquations {
    let elements = data.maps.indices
    var instruments = try elements.map { e in
      try haadfSignal(x, elements.map { $0 == e ? 1 : 0 })
    }
    if isTied { instruments = [mixture(instruments)] }
    guard data.haadf.pictures.count == 1 else {
      return GainEquations(instruments: instruments, columns: instruments, haadf: data.haadf)
    }
    var columns = elements.map { countColumn(x, $0) }
    if isTied { columns = [mixture(columns)] }
    return GainEquations(instruments: instruments, columns: columns, haadf: data.haadf)
  }

  private func mixture(_ columns: [FloatStorage]) -> FloatStorage {
    var sum = FloatStorage(zeros: columns[0].count)
    var values = sum.mutableSpan
    for (column, weight) in zip(columns, weights) {
      for i in values.indices { values[i] += Float(weight) * column.span[i] }
    }
    return sum
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
}
