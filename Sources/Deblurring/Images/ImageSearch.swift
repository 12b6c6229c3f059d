import Fields
import Imaging
import Inversion
import RealModule
import Reconstruction
import Statistics

/// What a search for λ came to.
struct Search {
  let lambda: Double
  let candidates: [ImageChoice.Candidate]
  var isAtEdge = false

  /// Five values a decade from 10⁻⁷ to 10², all tried at once on the whole image.
  init(
    filters recipe: ImageDeblurring, _ diagonal: DiagonalBlur, _ y: FloatStorage,
    truth: FloatStorage?, rule: ImageRule, noise: Double?
  ) throws {
    let lambdas = (0...45).map { Double.pow(10, -7 + Double($0) / 5) }
    let filter = ImageFit(recipe).linear
    let tried = FilterTrials(
      filter, lambdas, diagonal, diagonal.coefficients(of: y),
      truth: truth.map { diagonal.coefficients(of: $0) })
    let errors = tried.errors ?? []
    candidates = tried.trials.indices.map {
      ImageChoice.Candidate(tried.trials[$0], error: errors.isEmpty ? nil : errors[$0])
    }
    switch rule {
    case .gcv: (lambda, isAtEdge) = Self.lowest(candidates, \.gcv)
    case .oracle: (lambda, isAtEdge) = Self.lowest(candidates, \.error)
    case .lCurve:
      guard let corner = LCurve.corner(tried.trials) else { throw DeblurringError.noCorner }
      lambda = corner
    default:
      guard let crossing = LambdaSearch().interpolated(tried.trials, noise ?? 0) else {
        throw DeblurringError.neverMet(rule: rule.rawValue)
      }
      lambda = crossing
    }
  }

  /// Trial by trial, on a part of the image.
  init(
    _ trials: ImageTrials, rule: ImageRule, noise: Double?, _ monitor: Monitor
  ) throws {
    var trials = trials
    var search = LambdaSearch()
    search.start = trials.firstLambda
    search.factor = 2.5
    var errors: [Double: Double] = [:]
    func attempt(_ lambda: Double) throws -> Trial {
      let (trial, error) = try trials.attempt(lambda, monitor)
      errors[lambda] = error
      return trial
    }
    func candidates(_ tried: [Trial]) -> [ImageChoice.Candidate] {
      tried.sorted { $0.lambda > $1.lambda }
        .map { ImageChoice.Candidate($0, error: errors[$0.lambda]) }
    }
    func path() throws -> [Trial] {
      try (-3...9).map { try attempt(search.start * Double.pow(search.factor, -Double($0))) }
    }
    // Left-out pixels are the same for every λ, so that even small differences between trials mean
    // something: the least value counts, however flat its surroundings are.
    switch rule {
    case .heldOutPixels:
      self.candidates = candidates(try search.minimum(of: \.heldOut, attempt).trials)
      (lambda, isAtEdge) = Self.lowest(self.candidates, \.heldOut)
    case .oracle:
      // The error may have more than one valley: all of the range is walked.
      self.candidates = candidates(try path())
      (lambda, isAtEdge) = Self.lowest(self.candidates, \.error)
    case .lCurve:
      let path = try path()
      guard let corner = LCurve.corner(path) else { throw DeblurringError.noCorner }
      (lambda, self.candidates) = (corner, candidates(path))
    default:
      let found = try search.root(residual: noise ?? 0, attempt)
      guard !found.isAtEdge else { throw DeblurringError.neverMet(rule: rule.rawValue) }
      (lambda, self.candidates) = (found.lambda, candidates(found.trials))
    }
  }

  /// The vertex of the parabola, in log λ, through the least value and its neighbours.
  private static func lowest(
    _ candidates: [ImageChoice.Candidate], _ value: (ImageChoice.Candidate) -> Double?
  ) -> (Double, Bool) {
    let values = candidates.map { value($0) ?? .infinity }
    guard let best = values.indices.min(by: { values[$0] < values[$1] }) else { return (1, true) }
    guard best > 0, best < values.count - 1, values[best + 1].isFinite, values[best - 1].isFinite
    else { return (candidates[best].lambda, true) }
    let shift = lowestPlace(values[best - 1], values[best], values[best + 1])
    let step = Double.log(candidates[best + 1].lambda / candidates[best].lambda)
    return (candidates[best].lambda * .exp(shift * step), false)
  }
}

/// Tries values of λ on the middle of an image, at most 256 × 256 pixels (or 64³ voxels), since
/// neither noise nor prior changes with the place. Conjugate gradients start from the trial before.
struct ImageTrials {
  let grid: Grid
  private var fit: ImageFit
  private let y: FloatStorage
  private let truth: FloatStorage?
  private var estimate: FloatStorage?

  /// - Throws: ``ImageDeblurringError`` where the middle holds one value only.
  init(
    _ recipe: ImageDeblurring, _ y: FloatStorage, truth: FloatStorage?, leavesOut: Bool
  ) throws(ImageDeblurringError) {
    let whole = recipe.blur.grid
    let side = whole.planeCount > 1 ? 64 : 256
    grid = Grid(
      planeCount: min(whole.planeCount, side), rowCount: min(whole.rowCount, side),
      columnCount: min(whole.columnCount, side))
    let blur = recipe.blur
    let part =
      grid == whole
      ? blur : FieldBlur(blur.spread, on: grid, ends: .reflecting, workers: blur.workers)
    var cropped = ImageDeblurring(recipe.method, part)
    (cropped.fidelity, cropped.isNonNegative) = (recipe.fidelity, recipe.isNonNegative)
    (cropped.iterationLimit, cropped.tolerance) = (recipe.iterationLimit, recipe.tolerance)
    (cropped.exponent, cropped.scale) = (recipe.exponent, recipe.scale)
    fit = ImageFit(cropped)
    fit.isSilent = true
    let grid = grid
    let middle = grid == whole ? y : centre(of: y, whole, grid)
    if let value = uniformValue(middle.span), value == 0 || part.ends != .zero {
      throw grid == whole
        ? .uniform(value)
        : .partUniform(value, rowCount: grid.rowCount, columnCount: grid.columnCount)
    }
    self.y = middle
    self.truth = truth.map { grid == whole ? $0 : centre(of: $0, whole, grid) }
    if leavesOut { fit.mask = (0..<grid.count).map { SplitMix64.hash($0) % 10 != 0 } }
  }

  /// Somewhat stronger than what suits most images.
  var firstLambda: Double {
    switch fit.recipe.method {
    case .tikhonov, .tsvd: 0.1
    case .gradient: 1
    case .richardsonLucyTV: 0.02
    default: 0.1
    }
  }

  mutating func attempt(
    _ lambda: Double, _ monitor: Monitor
  ) throws -> (Trial, error: Double?) {
    let image = try fit.solve(y, lambda, from: estimate, monitor: monitor)
    // Elsewhere a solution of another λ would be left too slowly, and be told of instead of this one's.
    if fit.recipe.method.isLinear { estimate = image.field }
    let error = truth.map { truth in
      let (x, t) = (image.field.span, truth.span)
      return
        (x.indices.reduce(0.0) {
          $0 + Double(x[$1] - t[$1]) * Double(x[$1] - t[$1])
        } / Double(x.count)).squareRoot()
    }
    return (
      Trial(
        lambda: lambda, mu: lambda, residual: try fit.misfit(image.field, y),
        penalty: fit.penalty(image.field),
        heldOut: fit.mask.isEmpty ? nil : try fit.misfit(image.field, y, isHeldOut: true),
        iterations: image.iterations), error
    )
  }
}
