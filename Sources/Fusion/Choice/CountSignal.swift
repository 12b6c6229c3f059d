import Fields
import Operators

/// What a fit says of the part of one element in HAADF, before its coefficient, and what the counts say of the fit.
struct CountSignal {
  /// `A x^γ`
  let signal: FloatStorage
  /// `A B x` and `A (b_E − b) / s`, both on HAADF's pixels, and the variance that each pixel adds to a sum of the latter.
  let predicted: FloatStorage
  let counted: FloatStorage
  let variance: FloatStorage
  /// What one count adds to ``counted`` in the sum.
  let unit: Double
}

extension FusionProblem {
  func countSignal(_ e: Int, of fit: borrowing FloatStorage) -> CountSignal {
    let map = data.maps[e]
    let measured = map.measurement
    let (y, background) = (measured.span, map.backgrounds)
    let scale = Float(scales[e] * Double(map.pixelCount))
    let cell = Float(map.binning.factor * map.binning.factor)
    var predicted = mapSignal(fit, e)
    var counted = FloatStorage(zeros: y.count)
    var variance = FloatStorage(zeros: y.count)
    var u = predicted.mutableSpan
    var c = counted.mutableSpan
    var v = variance.mutableSpan
    for block in map.pictures.blocks(64) {
      map.pictures.forEachPixel(of: block) { i in
        u[i] /= scale
        c[i] = (y[i] - background[i]) / scale
        if case .gaussian(let sigma) = map.noise {
          v[i] = cell * Float(sigma * sigma) / (scale * scale)
        } else {
          v[i] = cell * y[i] / (scale * scale)
        }
      }
    }
    let own = fit.span.extracting(e * data.voxelCount..<(e + 1) * data.voxelCount)
    let γ = Float(power)
    var power = FloatStorage(zeros: data.voxelCount)
    var values = power.mutableSpan
    for i in values.indices { values[i] = quickPower(max(own[i], 0), γ) }
    return CountSignal(
      signal: seen(power), predicted: seen(spreadOut(predicted, e)),
      counted: seen(spreadOut(counted, e)), variance: seen(spreadOut(variance, e)),
      unit: Double(cell / scale))
  }

  private func seen(_ field: FloatStorage) -> FloatStorage {
    var image = FloatStorage(zeros: data.haadf.imaging.rangeCount)
    data.haadf.imaging.apply(field.span, into: image.mutableSpan)
    return image
  }

  /// A map on the pixels of HAADF, shifted back, each with the value of the map's pixel.
  private func spreadOut(_ coarse: FloatStorage, _ e: Int) -> FloatStorage {
    let map = data.maps[e]
    let k = Float(map.binning.factor)
    var fine = FloatStorage(zeros: map.binning.fine.count)
    var pixels = fine.mutableSpan
    map.binning.spread(coarse.span, into: &pixels, times: k > 1 ? k * k : 1)
    guard !map.shift.isNothing else { return fine }
    var back = FloatStorage(zeros: fine.count)
    map.imaging.applyAdjoint(fine.span, into: back.mutableSpan)
    return back
  }
}
