import Fields
import Inversion
import Operators
import Projection
import Reconstruction

/// A fit to some of the tilts that goes on from one λ to the next, with its volume and its duals.
struct TrialFit {
  /// How closely a fit is solved.
  struct Pace {
    let first: Int
    let iterations: Int
    let tolerance: Double

    static let quick = Pace(first: 120, iterations: 60, tolerance: 4e-4)
    static let close = Pace(first: 300, iterations: 300, tolerance: 1e-5)
  }

  let series: TiltSeries
  /// Which tilts of the whole they are.
  let tilts: [Int]
  let projector: ParallelProjector
  private var method: CompressedSensing
  private let pace: Pace
  private let patience: Int
  private var isBegun = false
  /// The volume, and duals of the prior and the fit where the solver has some.
  var fields: [FloatStorage] { didSet { isBegun = true } }

  init(
    _ method: CompressedSensing, _ series: TiltSeries, _ geometry: TiltGeometry, tilts: [Int],
    _ pace: Pace, _ workers: Workers
  ) throws {
    (self.method, self.pace, self.tilts) = (method, pace, tilts)
    self.series = tilts.count == series.tilts.count ? series : series.subset(of: tilts)
    projector = ParallelProjector(
      geometry.subset(of: tilts), model: method.rays, workers: workers)
    self.method.tiltWeights = method.tiltWeights.map { weights in tilts.map { weights[$0] } }
    // A weak change of λ moves the volume little at first.
    self.method.leastIterations = 12
    // What a blur hides comes late: a fit that ends early predicts well whatever λ is.
    patience = geometry.optics == nil ? 1 : CompressedSensing.patience
    self.method.tolerance = pace.tolerance / Double(patience)
    fields = [FloatStorage(zeros: projector.domainCount)]
    if method.solver == .primalDual {
      self.method.strength = .mu(1)
      let problem = try Problem(self.method, self.series, projector)
      fields += problem.objective.emptyDuals
    }
  }

  var estimate: FloatStorage { fields[0] }

  /// Goes on to the minimum for another μ.
  mutating func solve(mu: Double, _ monitor: Monitor) throws -> SolverReport {
    method.strength = .mu(mu)
    method.iterationLimit = (isBegun ? pace.iterations : pace.first) * patience
    let problem = try Problem(method, series, projector, isCancelled: monitor.isCancelled)
    let silent = Monitor(isCancelled: monitor.isCancelled)
    var (x, duals) = (fields[0], Array(fields.dropFirst()))
    fields = []
    let report = try method.minimise(
      problem, from: &x, duals: &duals, projector.workers, silent)
    fields = [x] + duals
    return report
  }
}
