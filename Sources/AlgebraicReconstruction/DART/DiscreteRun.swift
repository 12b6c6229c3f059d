import Fields
import Projection
import Reconstruction
import Statistics

/// The fields of a run of DART, and its steps.
struct DiscreteRun: ~Copyable {
  let method: DART
  let projector: ParallelProjector
  private let measured: FloatStorage
  private var pass: any MaskablePass
  let around: Neighbourhood
  private(set) var scale: LevelScale
  let fitsLevels: Bool
  /// `‖y − H x‖²` of the first reconstruction.
  private(set) var continuous = 0.0
  /// The voxels of the last segmentation, those that are free, and two fields for passing use.
  var segmented: FloatStorage
  var free: FloatStorage
  var scratch: FloatStorage
  var between: FloatStorage
  /// `y − H s_F`
  var left: FloatStorage

  var shape: SlabShape { projector.geometry.volume.slabs }
  var workers: Workers { projector.workers }

  /// How often levels are fitted.
  private static let levelInterval = 5

  /// - Parameter known: levels that were found before.
  init(
    _ method: DART, _ geometry: TiltGeometry, _ measured: FloatStorage,
    known: LevelScale? = nil, _ workers: Workers
  ) {
    (self.method, self.measured) = (method, measured)
    projector = ParallelProjector(geometry, model: method.updates.rays, workers: workers)
    pass = method.updates.method.makeMaskablePass(geometry, workers: workers)
    around = Neighbourhood(
      shape: geometry.volume.slabs, axes: method.schedule.axes, workers: workers)
    if case .given(let values) = method.levels {
      (scale, fitsLevels) = (LevelScale(values: values), false)
    } else {
      (scale, fitsLevels) = (known ?? LevelScale(values: []), known == nil)
    }
    let count = projector.domainCount
    (segmented, free) = (FloatStorage(zeros: count), FloatStorage(zeros: count))
    (scratch, between) = (FloatStorage(zeros: count), FloatStorage(zeros: count))
    left = FloatStorage(zeros: projector.rangeCount)
  }

  /// What goes on from one iteration to the next beside the volume.
  var carried: [[Double]] { [scale.values, [continuous]] }

  mutating func carry(on numbers: [[Double]]) throws(ReconstructionError) {
    guard numbers.count == 2, numbers[0].count == method.levels.count, numbers[1].count == 1 else {
      throw .pointOfAnotherRun
    }
    (scale, continuous) = (LevelScale(values: numbers[0]), numbers[1][0])
  }

  /// The first reconstruction, and levels of it where they are estimated.
  mutating func begin(_ x: inout FloatStorage, _ keep: (FloatStorage) throws -> Void) rethrows {
    for iteration in 1...method.schedule.startIterations {
      try keep(x)
      turn(to: iteration)
      _ = pass.refine(&x, to: measured)
    }
    continuous = SeriesMisfit(projector).squares(x, measured)
    if fitsLevels { scale = LevelScale(clustering: x, shape, into: method.levels.count) }
  }

  /// - Parameter number: counted from 1.
  /// - Returns: the residual at its beginning, and what it changed in the segmentation.
  mutating func iterate(_ x: inout FloatStorage, _ number: Int) -> IterationSums {
    segment(x)
    if fitsLevels, (number - 1).isMultiple(of: Self.levelInterval),
      let fitted = LevelFit(&self, measured)?.scale(within: method.updates.method.constraint)
    {
      scale = fitted
      segment(x)
    }
    formBoundary()
    freeAtRandom(number)
    split(&x)
    // left ← y − H s_F
    projector.project(scratch, into: &left)
    let one = [Double](repeating: 1, count: shape.sliceCount)
    combine(
      &left, times: one.map { -$0 }, plus: measured, times: one,
      shape: projector.geometry.series.slabs, workers: workers)
    pass.hold(to: Support(shape: projector.geometry.volume, mask: free, voxelCount: 0))
    let schedule = method.schedule
    var residual: [Double] = []
    for inner in 1...schedule.innerIterations {
      turn(to: schedule.startIterations + (number - 1) * schedule.innerIterations + inner)
      let sums = pass.refine(&x, to: left)
      if inner == 1 { residual = sums?.residual ?? [] }
    }
    pass.hold(to: nil)
    combine(&x, times: one, plus: scratch, times: one, shape: shape, workers: workers)
    if number < method.iterationLimit { smooth(&x) }
    return IterationSums(residual: residual, change: resegment(x), norm: norm())
  }

  private mutating func turn(to iteration: Int) {
    pass.turn(to: PassPlace(iteration: iteration, slabs: 0..<shape.slabCount))
  }
}
