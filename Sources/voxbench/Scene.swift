import Fields
import Phantoms
import Projection

/// A phantom, and the tilt series that a detector would see of it without noise.
struct Scene {
  let name: String
  let truth: Volume
  let clean: TiltSeries
  let geometry: TiltGeometry
  private let workers: Workers

  /// The phantom of `recipe`, `width² × slices` voxels, at `tiltCount` tilts spread evenly over ±`limit`°.
  init(
    _ recipe: PhantomRecipe, width: Int, slices: Int, tiltCount: Int, limit: Double = 70,
    _ workers: Workers
  ) throws {
    let shape = VolumeShape(width: width, depth: width, sliceCount: slices)
    let phantom = try Phantom(
      recipe, volume: shape,
      voxelSize: recipe.voxelSize.map { $0 * Double(recipe.size[0]) / Double(width) })
    let step = 2 * limit / Double(tiltCount - 1)
    name = recipe.name
    truth = phantom.render(workers: workers)
    clean = phantom.project(
      degrees: (0..<tiltCount).map { -limit + Double($0) * step }, workers: workers)
    geometry = try TiltGeometry(volume: shape, series: clean.shape, degrees: clean.tilts)
    self.workers = workers
  }

  /// The series with Gaussian noise of `fraction` of its largest value.
  func measured(noise fraction: Double) throws -> (series: TiltSeries, sigma: Double) {
    var series = clean
    let report = try NoiseModel.relativeGaussian(fraction: fraction)
      .apply(to: &series, seed: 1, workers: workers)
    return (series, report.sigma ?? 0)
  }

  /// The root mean square of what the projector makes of the rendered truth less the exact series.
  func discretisationError() -> Double {
    let projector = ParallelProjector(geometry, workers: workers)
    var projected = FloatStorage(zeros: projector.rangeCount)
    projector.apply(truth.voxels.span, into: projected.mutableSpan)
    return rootMeanSquareDifference(
      projected.span, clean.projections.span, count: clean.shape.slabs.valueCount)
  }

  /// The root mean square error of `volume` over all voxels.
  func error(of volume: FloatStorage) -> Double {
    rootMeanSquareDifference(
      volume.span, truth.voxels.span, count: truth.shape.slabs.valueCount)
  }
}

/// `√(Σ (a − b)² / n)`; padding lanes are zero in both and count for nothing.
func rootMeanSquareDifference(_ a: Span<Float>, _ b: Span<Float>, count: Int) -> Double {
  precondition(a.count == b.count, "fields differ in length")
  var sum = 0.0
  for i in a.indices {
    let difference = Double(a[i] - b[i])
    sum += difference * difference
  }
  return (sum / Double(count)).squareRoot()
}
