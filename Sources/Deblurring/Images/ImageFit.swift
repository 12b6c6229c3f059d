import Fields
import Imaging
import Inversion
import Operators
import Reconstruction
import RealModule
import Transforms

/// One image, one method, one λ.
struct ImageFit {
  let recipe: ImageDeblurring
  /// Which pixels count; all where it is empty.
  var mask: [Bool] = []
  /// Whether history and errors are kept.
  var isSilent = false

  private var blur: FieldBlur { recipe.blur }

  init(_ recipe: ImageDeblurring) { self.recipe = recipe }

  /// - Parameter start: where iterations begin, where there are any.
  func solve(
    _ y: FloatStorage, _ lambda: Double, from start: FloatStorage? = nil, monitor: Monitor,
    truth: FloatStorage? = nil
  ) throws -> DeblurredImage {
    var image: DeblurredImage
    switch recipe.method {
    case .naive, .tsvd: image = try filter(y, lambda, try diagonal())
    case .wiener: image = try wiener(y, try diagonal())
    case .tikhonov, .gradient:
      if mask.isEmpty, let diagonal = DiagonalBlur(blur) {
        image = try filter(y, lambda, diagonal)
      } else {
        image = try conjugateGradients(y, lambda, from: start, monitor)
      }
    case .tv, .l1: image = try primalDual(y, lambda, from: start, monitor)
    case .richardsonLucy, .richardsonLucyTV:
      let run = RichardsonLucy(
        blur, variation: recipe.method == .richardsonLucyTV ? Float(lambda) : 0,
        background: 0, iterationLimit: recipe.iterations, tolerance: recipe.tolerance)
      image = try run.run(y, truth: truth, monitor: monitor)
    case .atomicNumber: image = try atomicNumbers(y, lambda, from: start, monitor)
    }
    if image.residual == nil { image.residual = try misfit(image.field, y) }
    return image
  }

  /// The model of the measurement.
  func model() throws -> any ForwardModel {
    guard recipe.method == .atomicNumber else { return blur }
    return try AtomicNumberContrast(blur, exponent: recipe.exponent, scale: recipe.scale)
  }

  /// The root mean square of `y − H(x)` over the pixels that count (or, with `isHeldOut`, the others);
  /// over the root of `Hx + b` for a Poisson fit.
  func misfit(_ x: FloatStorage, _ y: FloatStorage, isHeldOut: Bool = false) throws -> Double {
    var seen = FloatStorage(zeros: y.count)
    try model().apply(x.span, into: seen.mutableSpan)
    var background: Double?
    if case .poisson(let b) = recipe.fidelity { background = Double(b) }
    let (u, v) = (seen.span, y.span)
    var (sum, count) = (0.0, 0)
    for i in u.indices where mask.isEmpty || mask[i] != isHeldOut {
      let r = Double(v[i]) - Double(u[i]) - (background ?? 0)
      sum += background.map { r * r / max(Double(u[i]) + $0, 1e-9) } ?? r * r
      count += 1
    }
    return (sum / Double(max(count, 1))).squareRoot()
  }

  private func diagonal() throws -> DiagonalBlur {
    guard let diagonal = DiagonalBlur(blur) else {
      throw ImageDeblurringError.notDiagonal(method: recipe.name, ends: blur.ends.rawValue)
    }
    return diagonal
  }

  // MARK: - Linear methods

  var linear: LinearFilter {
    switch recipe.method {
    case .tsvd: .tsvd
    case .tikhonov: .tikhonov
    case .gradient: .gradient
    default: .naive
    }
  }

  private func filter(
    _ y: FloatStorage, _ lambda: Double, _ diagonal: DiagonalBlur
  ) throws -> DeblurredImage {
    let linear = linear
    let field = diagonal.filtered(diagonal.coefficients(of: y)) { mode in
      linear.factor(gain: mode.gain, cost: mode.cost, lambda: lambda)
    }
    var image = DeblurredImage(field, iterations: 1)
    image.stopReason = .direct
    image.settings["solver"] = .text(basis(diagonal))
    return image
  }

  private func basis(_ diagonal: DiagonalBlur) -> String {
    diagonal.transform.kind == .fourier ? "Fourier transform" : "cosine transform"
  }

  private func wiener(_ y: FloatStorage, _ diagonal: DiagonalBlur) throws -> DeblurredImage {
    let noise = try ImageNoise(recipe, y).known(rule: "wiener")
    let measured = diagonal.coefficients(of: y)
    let bands = WienerBands(diagonal, measured, noise: noise.level)
    var image = DeblurredImage(
      diagonal.filtered(measured) { bands.factor($0) }, iterations: 1)
    image.stopReason = .direct
    image.settings["solver"] = .text(basis(diagonal))
    image.settings["noise"] = .number(noise.level)
    image.settings["noiseSource"] = .text(noise.source)
    image.bands = bands.frequencies.indices.map {
      DeblurredImage.Band(
        frequency: bands.frequencies[$0], signalToNoise: bands.ratios[$0],
        passed: bands.passed[$0])
    }
    return image
  }

  private func conjugateGradients(
    _ y: FloatStorage, _ lambda: Double, from start: FloatStorage?, _ monitor: Monitor
  ) throws -> DeblurredImage {
    var equations = ImageNormalEquations(blur, recipe.method == .gradient ? .gradient : .size)
    equations.mask = mask
    equations.iterationLimit = recipe.iterations
    equations.tolerance = isSilent ? 1e-4 : min(recipe.tolerance, 1e-5)
    let limit = recipe.iterations
    var done = 0
    let (x, residuals) = equations.solve(
      doubles(y), lambda: lambda, from: start.map(doubles)
    ) { _ in
      done += 1
      return tell(done, limit, monitor)
    }
    if monitor.isCancelled() { throw ReconstructionError.interrupted }
    var image = DeblurredImage(FloatStorage(x.map { Float($0) }), iterations: residuals.count)
    image.history = residuals.enumerated().map {
      HistoryEntry(iteration: $0 + 1, misfit: $1, residual: nil, relativeChange: nil)
    }
    image.stopReason =
      (residuals.last ?? 0) < equations.tolerance ? .settled : .iterationLimit
    image.settings["solver"] = .text("conjugate gradients")
    return image
  }

  // MARK: - Iterations

  private func tell(_ iteration: Int, _ limit: Int, _ monitor: Monitor) -> Bool {
    if !isSilent {
      monitor.onProgress(
        Monitor.Progress(
          iteration: iteration, iterationLimit: limit,
          fraction: Double(iteration) / Double(limit)))
    }
    return !monitor.isCancelled()
  }

  private func primalDual(
    _ y: FloatStorage, _ lambda: Double, from start: FloatStorage?, _ monitor: Monitor
  ) throws -> DeblurredImage {
    let mu = lambda * (try scale(y))
    let objective = Objective(
      [
        try DataFidelity(discrepancy, of: blur, to: y, blur.grid.slabs)
      ],
      regulariser: recipe.method == .tv ? try TotalVariation(Float(mu), gradient) : nil,
      pointwise: try PointwisePenalty(
        sparsity: recipe.method == .l1 ? Float(mu) : 0, bounds: bounds))
    var solver = PrimalDual()
    (solver.iterationLimit, solver.workers) = (recipe.iterations, blur.workers)
    solver.tolerance = isSilent ? max(recipe.tolerance, 3e-4) : recipe.tolerance
    solver.leastIterations = 12
    var x = start ?? y
    let report = try solver.minimise(objective, from: &x) {
      tell($0.iterations, recipe.iterations, monitor)
    }
    return try finish(x, report, mu, "primal-dual")
  }

  private func atomicNumbers(
    _ y: FloatStorage, _ lambda: Double, from start: FloatStorage?, _ monitor: Monitor
  ) throws -> DeblurredImage {
    let model = try AtomicNumberContrast(blur, exponent: recipe.exponent, scale: recipe.scale)
    // Where z is zero its derivative is too, so that it would never leave; start above.
    let largest = y.span.indices.reduce(Float(0)) { max($0, y.span[$1]) }
    guard largest > 0 else { throw ImageDeblurringError.nothingSeen }
    let root = 1 / recipe.exponent
    var z =
      start
      ?? FloatStorage(
        (0..<y.count).map {
          .pow(max(y.span[$0], 1e-3 * largest) / recipe.scale, root)
        })
    let mu = lambda * (try scale(y))
    let fit = try DataFidelity(
      discrepancy, of: model, to: y, blur.grid.slabs)
    let objective = Objective(
      [fit], regulariser: try TotalVariation(Float(mu), gradient),
      pointwise: try PointwisePenalty(bounds: bounds))
    var solver = ProximalGradient()
    solver.iterationLimit = isSilent ? min(recipe.iterations, 80) : recipe.iterations
    solver.tolerance = isSilent ? max(recipe.tolerance, 3e-4) : recipe.tolerance
    solver.workers = blur.workers
    let report = try solver.minimise(objective, from: &z) {
      tell($0.iterations, recipe.iterations, monitor)
    }
    return try finish(z, report, mu, "proximal gradient")
  }

  private func finish(
    _ x: FloatStorage, _ report: SolverReport, _ mu: Double, _ solver: String
  ) throws -> DeblurredImage {
    if report.stop == .cancelled { throw ReconstructionError.interrupted }
    var image = DeblurredImage(x, iterations: report.iterations)
    image.history = report.misfit.indices.map { i in
      HistoryEntry(
        iteration: i + 1, misfit: nil, residual: nil, relativeChange: report.residual[i],
        objective: report.objective[i])
    }
    image.stopReason = report.stop == .settled ? .settled : .iterationLimit
    if report.stop == .iterationLimit {
      image.warnings.append(
        """
        It stopped at \(report.iterations) iterations, before it converged: fewer iterations smooth more. \
        Raise --iterations to see what λ alone does.
        """)
    }
    image.settings["mu"] = .number(mu)
    image.settings["solver"] = .text(solver)
    return image
  }

  // MARK: - What they share

  private var bounds: ClosedRange<Float> {
    recipe.isNonNegative ? 0...(.infinity) : -.infinity...(.infinity)
  }

  var gradient: SlabGradient {
    SlabGradient(
      blur.grid.slabs, reach: blur.grid.planeCount > 1 ? .space : .slice, workers: blur.workers)
  }

  private var discrepancy: any SmoothDiscrepancy {
    if case .poisson(let background) = recipe.fidelity {
      return KullbackLeibler(background: RunFactors(uniform: background))
    }
    guard !mask.isEmpty else { return SquaredDistance() }
    return SquaredDistance(
      weights: RunFactors(FloatStorage(mask.map { $0 ? 1 : 0 }), laneCount: 1))
  }

  /// `μ / λ`: the root mean square of the fit's gradient at nothing, `Jᵀ w y`, so that λ means the same
  /// for any brightness. For z-map J is taken at `z` that alone would explain each pixel.
  func scale(_ y: FloatStorage) throws -> Double {
    var pulled = FloatStorage(zeros: y.count)
    var weight = 1.0
    if case .poisson = recipe.fidelity {
      weight = discrepancy.meanCurvature(y.span, valueCount: y.count)
    }
    if recipe.method == .atomicNumber {
      let root = 1 / recipe.exponent
      let point = FloatStorage(
        (0..<y.count).map { .pow(max(y.span[$0], 0) / recipe.scale, root) })
      try model().applyDerivativeAdjoint(y.span, at: point.span, into: pulled.mutableSpan)
    } else {
      blur.applyAdjoint(y.span, into: pulled.mutableSpan)
    }
    let scale = weight * (dot(pulled.span, pulled.span) / Double(y.count)).squareRoot()
    guard scale > 0 else { throw ImageDeblurringError.nothingSeen }
    return scale
  }

  /// `R(x)` without its weight.
  func penalty(_ x: FloatStorage) -> Double {
    switch recipe.method {
    case .gradient: gradient.squaredLength(x.span)
    case .tv, .atomicNumber, .richardsonLucyTV: gradient.totalVariation(x.span)
    case .l1: x.span.indices.reduce(0) { $0 + Double(abs(x.span[$1])) }
    default: dot(x.span, x.span)
    }
  }
}

/// The same values in double precision.
func doubles(_ x: FloatStorage) -> [Double] {
  let span = x.span
  return span.indices.map { Double(span[$0]) }
}
