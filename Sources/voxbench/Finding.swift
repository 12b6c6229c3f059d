import VariationalReconstruction
import Fields
import Reconstruction

/// A setting, and the error that it led to.
struct Finding {
  let setting: Double
  let error: Double

  init(setting: Double, error: Double) { (self.setting, self.error) = (setting, error) }

  /// The λ of least error: doubled and halved from `start` until the error rises, then √2 either side.
  init(lambdaFrom start: Double, error: (_ lambda: Double) throws -> Double) rethrows {
    var best = (setting: start, error: try error(start))
    for factor in [2, 0.5] {
      let found = best.setting
      var lambda = start * factor
      while (1e-8...1e2).contains(lambda) {
        let next = try error(lambda)
        guard next < best.error else { break }
        best = (lambda, next)
        lambda *= factor
      }
      if best.setting != found { break }
    }
    let middle = best.setting
    for factor in [Double(2).squareRoot(), 1 / Double(2).squareRoot()] {
      let next = try error(middle * factor)
      if next < best.error { best = (middle * factor, next) }
    }
    (setting, self.error) = best
  }
}

extension Scene {
  /// The error of compressed sensing at the λ that suits it best.
  func best(
    _ method: CompressedSensing, _ series: TiltSeries, from start: Double, _ workers: Workers
  ) throws -> Finding {
    try Finding(lambdaFrom: start) { lambda in
      var method = method
      method.strength = .lambda(lambda)
      let (volume, _) = try method.reconstruct(series, geometry, from: nil, workers: workers)
      return error(of: volume.voxels)
    }
  }
}
