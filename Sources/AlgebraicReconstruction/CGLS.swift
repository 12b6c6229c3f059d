public import Fields
public import Projection
public import Reconstruction

/// Conjugate gradients for least squares: the minimum of `‖y − H x‖²` over a growing Krylov space.
///
/// Slices are problems of their own, so each has its own steps α and β and may end at its own noise; where optics mix them they
/// are one problem.
/// There are no bounds: with them the directions would not be conjugate any more.
///
/// Cost: O(voxels × tilts) an iteration. Memory: three volumes and three copies of the series.
///
/// - Reference: M. R. Hestenes and E. Stiefel, J. Res. Natl. Bur. Stand. 49, 409 (1952); Å. Björck,
///   Numerical Methods for Least Squares Problems (1996), §7.4.
public struct CGLS: SliceWiseMethod {
  /// Iterations at most, 10 by default. There is no prior, so this number decides how much noise is fitted.
  public let iterationLimit: Int
  /// Each slice ends once the root mean square of its `y − H x` is no larger than this, in the units of the series.
  public let noise: Double?
  package let rays: RayModel

  /// - Throws: `ReconstructionError.iterations` or ``AlgebraicError/noise(_:)``.
  public init(iterations: Int = 10, noise: Double? = nil, rays: RayModel = .joseph) throws {
    guard iterations > 0 else { throw ReconstructionError.iterations(iterations) }
    if let noise, !(noise > 0 && noise.isFinite) { throw AlgebraicError.noise(noise) }
    (iterationLimit, self.noise, self.rays) = (iterations, noise, rays)
  }

  public var name: String { "cgls" }
  public var stopRule: StopRule { .never }
  public var traits: MethodTraits {
    MethodTraits(isLinear: true, isResumable: iterationLimit > 1)
  }
  public var seriesCopies: Int { 2 }
  public var volumeCopies: Int { 2 }

  public func makePass(_ geometry: TiltGeometry, workers: Workers) -> any SlicePass {
    CGLSPass(self, ParallelProjector(geometry, model: rays, workers: workers))
  }
}

extension CGLS {
  private enum CodingKeys: String, CodingKey {
    case iterationLimit, rays
    case noise = "sliceNoise"
  }

  public init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      iterations: keys.decode(Int.self, forKey: .iterationLimit),
      noise: keys.decodeIfPresent(Double.self, forKey: .noise),
      rays: keys.decodeIfPresent(RayModel.self, forKey: .rays) ?? .joseph)
  }

  public func repeatable(iterations: Int?, lambda: Double?) throws -> CGLS {
    try CGLS(iterations: iterations ?? iterationLimit, rays: rays)
  }
}

/// Iterations over one group of slabs, which remember their directions.
private struct CGLSPass: SlicePass {
  private let projector: ParallelProjector
  private let noise: Double?
  /// `r = y − H x`
  private var residual: FloatStorage
  /// `p`
  private var direction: FloatStorage
  /// `s = Hᵀ r`
  private var gradient: FloatStorage
  /// `q = H p`
  private var projected: FloatStorage
  /// `γ = ‖s‖²` and `‖r‖²`, one a slice; empty before the first iteration.
  private var gamma: [Double] = []
  private var misfit: [Double] = []

  /// `r` and `p`, with `γ` and `‖r‖²`.
  var carried: CarriedState {
    get { CarriedState(numbers: [gamma, misfit], fields: [residual, direction]) }
    set {
      (gamma, misfit) = (newValue.numbers[0], newValue.numbers[1])
      (residual, direction) = (newValue.fields[0], newValue.fields[1])
    }
  }

  private var field: SlabShape { projector.geometry.volume.slabs }
  private var series: SlabShape { projector.geometry.series.slabs }

  init(_ cgls: CGLS, _ projector: ParallelProjector) {
    (self.projector, noise) = (projector, cgls.noise)
    (residual, projected) = (
      FloatStorage(zeros: projector.rangeCount), FloatStorage(zeros: projector.rangeCount)
    )
    (direction, gradient) = (
      FloatStorage(zeros: projector.domainCount), FloatStorage(zeros: projector.domainCount)
    )
  }

  mutating func refine(_ x: inout FloatStorage, to measured: FloatStorage) -> IterationSums? {
    if gamma.isEmpty { begin(x, measured) }
    let (field, series, workers) = (field, series, projector.workers)
    let none = [Double](repeating: 0, count: field.sliceCount)
    let one = [Double](repeating: 1, count: field.sliceCount)
    let before = misfit
    let isRunning = zip(gamma, pooled(misfit, isMean: true)).map { gamma, misfit in
      gamma > 0 && (misfit / Double(series.runCount)).squareRoot() > (noise ?? 0)
    }
    guard isRunning.contains(true) else {
      return IterationSums(
        residual: before, change: none, norm: squares(x, shape: field, workers: workers))
    }
    let length = squares(direction, shape: field, workers: workers)
    projector.project(direction, into: &projected)  // q = H p
    let curvature = pooled(squares(projected, shape: series, workers: workers))
    let alpha = none.indices.map { i in  // α = γ / ‖q‖²
      isRunning[i] && curvature[i] > 0 ? gamma[i] / curvature[i] : 0
    }
    let norm = combine(  // x ← x + α p
      &x, times: one, plus: direction, times: alpha, shape: field, workers: workers)
    misfit = combine(  // r ← r − α q
      &residual, times: one, plus: projected, times: alpha.map { -$0 }, shape: series,
      workers: workers)
    projector.backProject(residual, into: &gradient)  // s = Hᵀ r
    let next = pooled(squares(gradient, shape: field, workers: workers))
    let beta = none.indices.map { alpha[$0] > 0 ? next[$0] / gamma[$0] : 0 }  // β = γ' / γ
    let ends = none.indices.map { alpha[$0] > 0 ? 1.0 : 0 }
    combine(  // p ← s + β p
      &direction, times: beta, plus: gradient, times: ends, shape: field, workers: workers)
    gamma = none.indices.map { alpha[$0] > 0 ? next[$0] : 0 }
    return IterationSums(
      residual: before, change: zip(alpha, length).map { $0 * $0 * $1 }, norm: norm)
  }

  private mutating func begin(_ x: FloatStorage, _ measured: FloatStorage) {
    let (field, series, workers) = (field, series, projector.workers)
    let one = [Double](repeating: 1, count: field.sliceCount)
    projector.project(x, into: &residual)
    misfit = combine(  // r = y − H x
      &residual, times: one.map { -$0 }, plus: measured, times: one, shape: series,
      workers: workers)
    projector.backProject(residual, into: &direction)  // p = s = Hᵀ r
    gamma = pooled(squares(direction, shape: field, workers: workers))
  }

  /// One number for all slices where these are one problem: their sum, or the mean of it.
  private func pooled(_ sums: [Double], isMean: Bool = false) -> [Double] {
    guard projector.geometry.optics?.linksSlices ?? false else { return sums }
    let total = sums.reduce(0, +) / (isMean ? Double(sums.count) : 1)
    return sums.map { _ in total }
  }
}
