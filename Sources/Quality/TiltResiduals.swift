package import Fields
import Projection

/// What a projected volume leaves of a tilt series, `r = y − Hx`, tilt by tilt.
package struct TiltResiduals: Sendable {
  /// Of one tilt, over its true slices and all bins.
  package struct Tilt: Sendable, Hashable {
    /// Degrees.
    package let tilt: Double
    package let mean: Double
    /// `√(Σ r² / n)`
    package let rms: Double
    /// `Σ (r_i − r̄)(r_{i+1} − r̄) / Σ (r − r̄)²`, each as a mean over its pairs or pixels, along bins and
    /// along slices: 0 for white noise; `nil` where there is no pair.
    package let alongBins: Double?
    package let alongSlices: Double?
    /// The mean of `Hx`.
    package let expected: Double
  }

  /// In the order of the series.
  package let tilts: [Tilt]
  /// Over the slices, `[tilt][bin]`, in the order of the series.
  package let rms: FloatStorage
  package let mean: FloatStorage
  package let binCount: Int
  /// `1/√n`: what a correlation of white noise scatters by in one tilt.
  package let nullSpread: Double

  /// - Parameters:
  ///   - prediction: `Hx`, in the layout of the series.
  package init(of series: TiltSeries, predictedBy prediction: FloatStorage, workers: Workers) {
    let (shape, slabs) = (series.shape, series.shape.slabs)
    precondition(prediction.count == slabs.count, "the prediction does not fit the series")
    let (bins, slices) = (shape.binCount, shape.sliceCount)
    let parts = workers.results(shape.tiltCount) { tilt in
      let (measured, predicted) = (series.projections.span, prediction.span)
      var plane = [Double](repeating: 0, count: bins * slices)
      var expected = 0.0
      for slice in 0..<slices {
        for bin in 0..<bins {
          let i = slabs.index(slice: slice, page: tilt, position: bin)
          plane[slice * bins + bin] = Double(measured[i]) - Double(predicted[i])
          expected += Double(predicted[i])
        }
      }
      return Part(plane, bins: bins, slices: slices, tilt: series.tilts[tilt], expected: expected)
    }
    tilts = parts.map(\.tilt)
    rms = FloatStorage(parts.flatMap(\.rms))
    mean = FloatStorage(parts.flatMap(\.mean))
    (binCount, nullSpread) = (bins, 1 / Double(bins * slices).squareRoot())
  }

  private struct Part {
    let tilt: Tilt
    let rms: [Float]
    let mean: [Float]

    /// - Parameter plane: `[slice][bin]`
    init(_ plane: [Double], bins: Int, slices: Int, tilt: Double, expected: Double) {
      let n = Double(plane.count)
      let average = plane.reduce(0, +) / n
      let squares = plane.reduce(0) { $0 + $1 * $1 }
      let variance = max(0, squares / n - average * average)
      func correlation(_ step: Int, _ pairs: Int, _ isPair: (Int) -> Bool) -> Double? {
        guard pairs > 0, variance > 0 else { return nil }
        var sum = 0.0
        for i in 0..<plane.count - step where isPair(i) {
          sum += (plane[i] - average) * (plane[i + step] - average)
        }
        return sum / Double(pairs) / variance
      }
      self.tilt = Tilt(
        tilt: tilt, mean: average, rms: (squares / n).squareRoot(),
        alongBins: correlation(1, (bins - 1) * slices) { ($0 + 1) % bins != 0 },
        alongSlices: correlation(bins, bins * (slices - 1)) { _ in true }, expected: expected / n)
      rms = (0..<bins).map { bin in
        Float(
          ((0..<slices).reduce(0.0) { $0 + plane[$1 * bins + bin] * plane[$1 * bins + bin] }
            / Double(slices)).squareRoot())
      }
      mean = (0..<bins).map { bin in
        Float((0..<slices).reduce(0.0) { $0 + plane[$1 * bins + bin] } / Double(slices))
      }
    }
  }
}

extension TiltSeries {
  /// Each projection averaged over neighbouring bins and slices with the weights 1/4, 1/2, 1/4; at an
  /// end the pixel itself stands for the missing one.
  package func blurred(workers: Workers) -> TiltSeries {
    let (shape, slabs) = (shape, shape.slabs)
    var result = self
    let source = projections
    workers.forEachSlab(of: result.projections.mutableSpan, length: slabs.pageLength) {
      page, values in
      var values = values
      let (slab, tilt) = page.quotientAndRemainder(dividingBy: slabs.pageCount)
      let span = source.span
      func value(_ slice: Int, _ bin: Int) -> Float {
        span[
          slabs.index(
            slice: min(max(slice, 0), shape.sliceCount - 1), page: tilt,
            position: min(max(bin, 0), shape.binCount - 1))]
      }
      func row(_ slice: Int, _ bin: Int) -> Float {
        (value(slice, bin - 1) + value(slice, bin + 1)) / 4 + value(slice, bin) / 2
      }
      for slice in slabs.slices(of: slab) {
        for bin in 0..<shape.binCount {
          values[bin * slabs.laneCount + slice % slabs.laneCount] =
            (row(slice - 1, bin) + row(slice + 1, bin)) / 4 + row(slice, bin) / 2
        }
      }
    }
    return result
  }
}
