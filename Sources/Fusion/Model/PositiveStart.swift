import Fields
import Operators

/// A few rounds of maximum likelihood for counts, from a flat start:
///
///     x ← x · Hᵀ(y / (Hx + b)) / Hᵀ1
///
/// - Reference: L. Shepp and Y. Vardi, IEEE Trans. Med. Imaging 1, 113 (1982).
func positiveStart(
  _ view: MapView, _ y: borrowing FloatStorage, background: RunFactors, rounds: Int
) -> FloatStorage {
  var ones = FloatStorage(repeating: 1, count: view.rangeCount)
  var sensitivity = FloatStorage(zeros: view.domainCount)
  view.applyAdjoint(ones.span, into: sensitivity.mutableSpan)
  var x = FloatStorage(repeating: 1, count: view.domainCount)
  var pulled = FloatStorage(zeros: view.domainCount)
  for _ in 0..<rounds {
    view.apply(x.span, into: ones.mutableSpan)
    var ratio = ones.mutableSpan
    let measured = y.span
    for i in ratio.indices { ratio[i] = max(measured[i], 0) / max(ratio[i] + background[i], 1e-3) }
    view.applyAdjoint(ones.span, into: pulled.mutableSpan)
    var values = x.mutableSpan
    let (up, down) = (pulled.span, sensitivity.span)
    for i in values.indices { values[i] *= down[i] > 1e-6 ? up[i] / down[i] : 0 }
  }
  return x
}

/// `Σ x² / Σ x`: the concentration that most of the element is met at; 0 for nothing.
func typicalValue(_ x: Span<Float>) -> Double {
  var (sum, squares) = (0.0, 0.0)
  for i in x.indices where x[i] > 0 {
    sum += Double(x[i])
    squares += Double(x[i]) * Double(x[i])
  }
  return sum > 0 ? squares / sum : 0
}

extension ElementMap {
  /// The signal of a pixel as it was measured that most of the element is met at, noise taken off:
  /// `(Σ (y − b)² − Σ var) / Σ (y − b)`.
  var typicalSignal: Double {
    let y = measurement.span
    var (sum, squares, variance) = (0.0, 0.0, 0.0)
    let level = background * Double(pixelCount)
    for i in y.indices where y[i] != 0 {
      let v = Double(y[i]) - level
      sum += v
      squares += v * v
      if case .gaussian(let sigma) = noise {
        variance += sigma * sigma
      } else {
        variance += Double(y[i])
      }
    }
    guard sum > 0 else { return 0 }
    return max((squares - variance) / sum, 0.1 * sum / Double(y.count)) / Double(pixelCount)
  }
}
