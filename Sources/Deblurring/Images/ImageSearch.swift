import Fields
import Imaging
import Inversion
import RealModule
import Reconstruction

extension ImageChoice {
  /// Five values a decade from 10⁻⁷ to 10², all tried at once on the whole image.
  static func search(
    filters recipe: ImageDeblurring, _ diagonal: DiagonalBlur, _ y: FloatStorage,
    truth: FloatStorage?, rule: ChoiceRule, noise: Double?
  ) throws -> LambdaSearchResult {
    let trials = ImageFit(recipe).linear.trials(
      (0...45).map { Double.pow(10, -7 + Double($0) / 5) }, diagonal, diagonal.coefficients(of: y),
      truth: truth.map { diagonal.coefficients(of: $0) })
    return try decide(rule, trials, noise)
  }

  /// Trial by trial, on a part of the image, from the strongest λ down.
  static func search(
    _ trials: ImageTrials, rule: ChoiceRule, noise: Double?, _ monitor: Monitor
  ) throws -> LambdaSearchResult {
    var (trials, search) = (trials, LambdaSearch())
    (search.start, search.factor) = (trials.firstLambda, 2.5)
    func attempt(_ lambda: Double) throws -> LambdaTrial { try trials.attempt(lambda, monitor) }
    func sorted(_ tried: [LambdaTrial]) -> [LambdaTrial] { tried.sorted { $0.lambda > $1.lambda } }
    switch rule {
    case .heldOutPixels:
      return try decide(rule, sorted(search.minimum(of: \.heldOut, attempt).trials), noise)
    case .oracle, .lCurve:
      // The error may have more than one valley: all of the range is walked.
      return try decide(rule, sorted(search.path(-3...9, attempt)), noise)
    default:
      let found = try search.root(residual: noise ?? 0, attempt)
      guard !found.isAtEdge else { throw ChoiceError(undecided: rule) }
      return LambdaSearchResult(lambda: found.lambda, trials: sorted(found.trials))
    }
  }

  /// Left-out pixels are the same for every λ, so that even small differences between trials mean something: the least
  /// value counts, however flat its surroundings are.
  private static func decide(
    _ rule: ChoiceRule, _ trials: [LambdaTrial], _ noise: Double?
  ) throws -> LambdaSearchResult {
    switch rule {
    case .gcv: return LambdaSearchResult(lowest: \.gcv, of: trials)
    case .oracle: return LambdaSearchResult(lowest: \.error, of: trials)
    case .heldOutPixels: return LambdaSearchResult(lowest: \.heldOut, of: trials)
    default:
      let lambda =
        rule == .lCurve ? LCurve.corner(trials) : trials.crossing(residual: noise ?? 0)
      guard let lambda else { throw ChoiceError(undecided: rule) }
      return LambdaSearchResult(lambda: lambda, trials: trials)
    }
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
    if leavesOut { fit.mask = (0..<grid.count).map { !LeftOut.contains($0) } }
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

  mutating func attempt(_ lambda: Double, _ monitor: Monitor) throws -> LambdaTrial {
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
    return LambdaTrial(
      lambda: lambda, residual: try fit.misfit(image.field, y), penalty: fit.penalty(image.field),
      heldOut: fit.mask.isEmpty ? nil : try fit.misfit(image.field, y, isHeldOut: true),
      error: error, iterations: image.iterations)
  }
}
