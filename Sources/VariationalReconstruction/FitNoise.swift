import Fields
import Inversion
import Operators

extension TrialNoise {
  /// Of a fit of counts 1, since its misfit is in units of their noise.
  init(
    _ method: CompressedSensing, given: Double?, _ series: TiltSeries, _ slabs: Range<Int>,
    _ workers: Workers
  ) {
    if case .poisson = method.fidelity {
      self.init(1, "counts")
    } else {
      self.init(
        given: given, measuresCounts: method.measuresCounts, series, slabs,
        weights: method.tiltWeights, workers)
    }
  }

  /// The root mean square of what noise alone adds to the gradient of the fit at a voxel, but for the footprint of a ray.
  func pull(_ method: CompressedSensing, _ series: TiltSeries) -> Double? {
    let tilts = Double(series.shape.tiltCount)
    switch method.fidelity {
    case .gaussian:
      // Weights are relative to each other: the strength has the scale that they have.
      guard let level else { return nil }
      let weights = method.tiltWeights ?? [1]
      return level * tilts.squareRoot() * weights.reduce(0, +) / Double(weights.count)
    case .poisson(let background):
      let curvature = KullbackLeibler(background: RunFactors(uniform: background))
        .meanCurvature(series.projections.span, valueCount: series.shape.slabs.valueCount)
      return (tilts * curvature).squareRoot()
    }
  }
}
