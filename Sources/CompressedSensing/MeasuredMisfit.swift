import Fields
import Projection

/// How far predictions lie from measurements, in the units of the noise.
///
/// Gaussian: the root mean square of `y − Hx`. Counts: the root mean square of Pearson's
/// `(y − Hx − b) / √(Hx + b)`, with neighbouring bins pooled until five counts are expected.
struct MeasuredMisfit {
  private let fidelity: Fidelity
  private static let pooledCounts: Float = 5

  init(_ fidelity: Fidelity) { self.fidelity = fidelity }

  /// - Parameter weights: one a tilt; only their ratios matter, and a tilt of weight zero is not seen.
  func rootMeanSquare(
    of volume: FloatStorage, _ projector: ParallelProjector, _ series: TiltSeries,
    weights: [Double]?
  ) -> Double {
    let sums = pages(of: volume, projector, series)
    let (squares, count) = sums.enumerated().reduce((0.0, 0.0)) { total, page in
      let weight = weights?[page.offset] ?? 1
      return (
        total.0 + weight * page.element.squares, total.1 + weight * Double(page.element.count)
      )
    }
    return count > 0 ? (squares / count).squareRoot() : 0
  }

  func perTilt(
    of volume: FloatStorage, _ projector: ParallelProjector, _ series: TiltSeries, isHeldOut: Bool
  ) -> [StrengthChoice.TiltError] {
    zip(series.tilts, pages(of: volume, projector, series)).map { tilt, sum in
      StrengthChoice.TiltError(
        tilt: tilt, error: (sum.squares / Double(max(1, sum.count))).squareRoot(),
        isHeldOut: isHeldOut)
    }
  }

  /// One sum a tilt, over all true slices.
  private func pages(
    of volume: FloatStorage, _ projector: ParallelProjector, _ series: TiltSeries
  ) -> [(squares: Double, count: Int)] {
    var prediction = FloatStorage(zeros: projector.rangeCount)
    projector.apply(volume.span, into: prediction.mutableSpan)
    let predicted = prediction
    return projector.workers.results(series.shape.tiltCount) { tilt in
      (0..<series.shape.sliceCount).reduce((squares: 0.0, count: 0)) { sum, slice in
        let line = line(predicted.span, series.projections.span, series.shape, tilt, slice)
        return (sum.squares + line.squares, sum.count + line.count)
      }
    }
  }

  private func line(
    _ predicted: Span<Float>, _ measured: Span<Float>, _ shape: TiltSeriesShape, _ tilt: Int,
    _ slice: Int
  ) -> (squares: Double, count: Int) {
    let slabs = shape.slabs
    var place = slabs.index(slice: slice, page: tilt, position: 0)
    var sum = (squares: 0.0, count: 0)
    var pool = (expected: Float(0), difference: Float(0))
    for _ in 0..<shape.binCount {
      let difference = measured[place] - predicted[place]
      switch fidelity {
      case .gaussian:
        sum.squares += Double(difference * difference)
        sum.count += 1
      case .poisson(let background):
        pool.expected += predicted[place] + background
        pool.difference += difference - background
        if pool.expected >= Self.pooledCounts {
          sum.squares += Double(pool.difference * pool.difference / pool.expected)
          sum.count += 1
          pool = (0, 0)
        }
      }
      place += slabs.laneCount
    }
    return sum
  }
}
