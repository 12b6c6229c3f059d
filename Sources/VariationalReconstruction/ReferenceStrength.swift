import Fields
import Inversion
import Operators
import Projection

/// The scale of `μ` for a series, so that a dimensionless `λ` means the same for any brightness,
/// number of tilts and voxel size.
///
/// With `g = rms(Hᵀ W y)` over the volume and the edge `L = √(width · depth)` in voxels,
///
///     l1         μ_ref = g
///     tv         μ_ref = g L
///     wavelet    μ_ref = g L^(d/2)          with d axes that are split
///     tgv        μ_ref = g L                of the first derivatives
///     gradient   μ_ref = w̄ c̄ ρ̄ L²          with the mean weight, column sum and row sum of H
///     l2         μ_ref = w̄ c̄ ρ̄
///     nlm        μ_ref = (g / w̄ c̄ ρ̄)²       since μ = σ², the square of a density; denoiser likewise
///
/// Reason: on a grid with N voxels an edge the density `s` of an object stays what it is and its
/// projections grow as N. At the solution the gradient of the fit, `Hᵀ W (Hx − y) ~ n N s δ`, meets
/// that of the prior, which is μ for l1, μ / N for tv (the curvature of an edge), μ N^(−d/2) for
/// coefficients that grow as N^(d/2), μ s / N² for the squared gradient, and μ s for l2. `g` grows as `n N s`.
/// Under Poisson noise the weight is `1 / (mean y + b)`.
struct ReferenceStrength {
  let l1: Double
  private let edge: Double
  let curvature: Double

  init(
    _ series: FloatStorage, _ projector: ParallelProjector, weights: RunFactors
  ) {
    var weighted = series
    weights.multiply(&weighted)
    var volume = FloatStorage(zeros: projector.domainCount)
    projector.applyAdjoint(weighted.span, into: volume.mutableSpan)
    let shape = projector.geometry.volume.slabs
    let voxels = volume.span
    let parts = projector.workers.results(shape.slabCount) { slab in
      let part = voxels.extracting(slab * shape.slabLength..<(slab + 1) * shape.slabLength)
      return dot(part, part)
    }
    l1 = (parts.reduce(0, +) / Double(shape.valueCount)).squareRoot()
    edge = Double(shape.positionCount * shape.pageCount).squareRoot()
    let sums = projector.absoluteSums()
    curvature = weights.mean * sums.columns.mean * sums.rows.mean
  }

  func value(for prior: Prior, splitAxes: Int) -> Double {
    switch prior.kind {
    case .l1: l1
    case .tv, .tvL1, .tgv: l1 * edge
    case .wavelet: l1 * (0..<splitAxes).reduce(1.0) { scale, _ in scale * edge.squareRoot() }
    case .gradient: curvature * edge * edge
    case .l2: curvature
    case .nlm, .denoiser: l1 * l1 / (curvature * curvature)
    }
  }

  /// `α₀ / α₁` of tgv in voxels: `share · L / 64`, since slopes fall as 1/N and bends as 1/N², and the ratio is to stay what it is to the object.
  func bendRatio(_ share: Double) -> Double { share * edge / 64 }

  /// `μ₁` of tv + l1 where tv has the weight `mu`.
  func sparsity(besideTV mu: Double, share: Double) -> Double { share * mu / edge }
}
