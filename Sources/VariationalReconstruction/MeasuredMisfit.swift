import Fields
import Inversion
import Projection

/// How far predictions lie from measurements.
///
/// Gaussian: `w (y − Hx)²`, with the weights of bins where there are some. Counts: the `Deviance` of y under the mean `(1 − ε)(Hx + b) + ε ȳ` with ε = 0.001, so that
/// one count where none is predicted does not outweigh all others.
struct MeasuredMisfit {
  /// Of some pixels.
  struct Sum {
    var loss = 0.0
    /// What counting noise alone makes of `loss`; 0 for Gaussian fits, which do not know their noise.
    var expected = 0.0
    var weight = 0.0

    static func + (a: Sum, b: Sum) -> Sum {
      Sum(loss: a.loss + b.loss, expected: a.expected + b.expected, weight: a.weight + b.weight)
    }

    static func * (factor: Double, sum: Sum) -> Sum {
      Sum(loss: factor * sum.loss, expected: factor * sum.expected, weight: factor * sum.weight)
    }

    /// The root of the mean loss.
    var root: Double { weight > 0 ? (loss / weight).squareRoot() : 0 }
    /// The root of the mean expected loss; `nil` where it is not known.
    var expectedRoot: Double? { expected > 0 ? (expected / weight).squareRoot() : nil }
    /// In units of the noise for counts, else as they are.
    var residual: Double { expectedRoot.map { root / $0 } ?? root }
  }

  private let fidelity: Fidelity
  private static let share: Float = 1e-3

  init(_ fidelity: Fidelity) { self.fidelity = fidelity }

  /// One sum a tilt, over all true slices.
  func perTilt(
    of volume: FloatStorage, _ projector: ParallelProjector, _ series: TiltSeries
  ) -> [Sum] {
    var prediction = FloatStorage(zeros: projector.rangeCount)
    projector.apply(volume.span, into: prediction.mutableSpan)
    let (predicted, shape) = (prediction, series.shape)
    let mean = self.mean(of: series)
    return projector.workers.results(shape.tiltCount) { tilt in
      (0..<shape.sliceCount).reduce(Sum()) { sum, slice in
        sum + line(predicted.span, series, (tilt, slice), mean)
      }
    }
  }

  private func line(
    _ predicted: Span<Float>, _ series: TiltSeries, _ line: (tilt: Int, slice: Int), _ mean: Float
  ) -> Sum {
    let (shape, measured) = (series.shape, series.projections.span)
    var place = shape.slabs.index(slice: line.slice, page: line.tilt, position: 0)
    var sum = Sum(weight: series.weights == nil ? Double(shape.binCount) : 0)
    for _ in 0..<shape.binCount {
      switch fidelity {
      case .gaussian:
        let difference = measured[place] - predicted[place]
        let square = Double(difference * difference)
        if let weights = series.weights {
          sum.loss += Double(weights.span[place]) * square
          sum.weight += Double(weights.span[place])
        } else {
          sum.loss += square
        }
      case .poisson(let background):
        let seen = max(predicted[place], 0) + background
        let expected = Double((1 - Self.share) * seen + Self.share * mean)
        if expected > 0 {
          sum.loss += Deviance.of(Double(measured[place]), mean: expected)
          sum.expected += Deviance.expected(mean: expected)
        }
      }
      place += shape.slabs.laneCount
    }
    return sum
  }

  /// Padding lanes are zero.
  private func mean(of series: TiltSeries) -> Float {
    let values = series.projections.span
    let sum = values.indices.reduce(0.0) { $0 + Double(values[$1]) }
    return Float(sum / Double(series.shape.slabs.valueCount))
  }
}
