import AlgebraicReconstruction
import VariationalReconstruction
import Fields
import Foundation
import Phantoms
import Projection
import Quality
import Reconstruction
import TestSupport

/// A phantom of particles of 64 × 16 × 64 voxels and its 36 noisy projections.
struct Scene {
  let series: TiltSeries
  let clean: TiltSeries
  let geometry: TiltGeometry
  let sigma: Double

  init(noise fraction: Double = 0.02) throws {
    let recipe = try PhantomRecipe(
      reading: packageFolder.appending(path: "phantoms/particles.json").path)
    let shape = VolumeShape(width: 64, depth: 64, sliceCount: 16)
    let degrees = Array(stride(from: -70.0, through: 70, by: 4))
    clean = try Phantom(recipe, volume: shape).project(degrees: degrees)
    var noisy = clean
    let report = try NoiseModel.relativeGaussian(fraction: fraction).apply(to: &noisy, seed: 4)
    (series, sigma) = (noisy, report.sigma ?? 0)
    geometry = try TiltGeometry(volume: shape, series: series.shape, degrees: degrees)
  }

  func judge(_ method: any ReconstructionMethod) throws -> QualityResult {
    let (volume, _) = try method.reconstruct(
      series, geometry, from: nil, workers: .all, monitor: .silent)
    return try judge(volume, method).0
  }

  func judge(
    _ volume: Volume, _ method: any ReconstructionMethod
  ) throws -> (QualityResult, ResidualMap) {
    var study = try QualityStudy(of: volume, from: series, geometry, method: method)
    study.noise = NoiseLevel(sigma, source: .given, tiltCount: series.shape.tiltCount)
    return try study.run()
  }
}
