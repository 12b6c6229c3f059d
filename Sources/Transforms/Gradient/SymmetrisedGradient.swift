import Fields
public import Operators

/// The symmetrised derivative of a vector field by backward differences, zero at the near edge of each axis.
///
///     (E w)ₐₐ = ∂ₐ⁻wₐ,     (E w)ₐᵦ = (∂ᵦ⁻wₐ + ∂ₐ⁻wᵦ) / √2   for a ≠ b
///
/// so that the Euclidean length of the components is the Frobenius norm of the tensor. Fields are `[slab][z][x][component][lane]`
/// with the components x, z, y of `w`, and xx, zz, yy, xz, xy, zy of `E w`; without y, as ``SlabGradient`` reaches, x, z and xx, zz, xz.
///
/// Traffic in bytes per voxel, three components: dual step 60, auxiliary step 84.
///
/// - Reference: K. Bredies, K. Kunisch and T. Pock, SIAM J. Imaging Sci. 3, 492 (2010).
package struct SymmetrisedGradient: LinearOperator {
  let gradient: SlabGradient
  /// Components of `w`.
  package var axisCount: Int { gradient.componentCount }
  /// Components of `E w`.
  package var tensorCount: Int { axisCount * (axisCount + 1) / 2 }

  package init(_ gradient: SlabGradient) { self.gradient = gradient }

  package var domainCount: Int { axisCount * gradient.shape.count }
  package var rangeCount: Int { tensorCount * gradient.shape.count }
  /// `Σⱼ |Eᵢⱼ|` and `Σᵢ |Eᵢⱼ|` at most.
  package var sums: (row: Float, column: Float) {
    (Float(8).squareRoot(), 2 + Float(2).squareRoot() * Float(axisCount - 1))
  }

  /// Where a vector field stands among the components of a run.
  struct Place {
    let width: Int
    let first: Int
  }
  private var alone: Place { Place(width: axisCount, first: 0) }
  /// `w` and `w̄` of a pair.
  private var now: Place { Place(width: 2 * axisCount, first: 0) }
  private var ahead: Place { Place(width: 2 * axisCount, first: axisCount) }
  /// Floats of a pair `w`, `w̄`.
  package var pairCount: Int { 2 * domainCount }

  package func apply(_ field: Span<Float>, into tensor: consuming MutableSpan<Float>) {
    form(tensor, from: field, alone, .plain)
  }

  package func applyAdjoint(_ tensor: Span<Float>, into field: consuming MutableSpan<Float>) {
    form(field, width: axisCount, from: tensor, tensor, .plain)
  }

  /// How far a step goes, and onto which ball.
  package struct Step: Sendable {
    let radius: Float
    let length: Float
    let relaxation: Float

    package init(radius: Float, length: Float, relaxation: Float) {
      (self.radius, self.length, self.relaxation) = (radius, length, relaxation)
    }
  }

  enum DualPass {
    /// `r ← E w`
    case plain
    /// `r ← r + ρ (P(r + σ E w̄) − r)`
    case ball(Step)
  }

  enum FieldPass {
    /// `w ← Eᵀ r`
    case plain
    /// `δ = τ (M p − Eᵀ r)`, `w̄ ← w + 2 δ`, `w ← w + ρ δ`
    case pair(Step)
  }

  /// `r ← r + ρ (P(r + σ E w̄) − r)`, with `P` the projection onto `|r| ≤ radius`.
  package func formDual(
    _ tensor: consuming MutableSpan<Float>, from pair: Span<Float>, step: Step
  ) {
    form(tensor, from: pair, ahead, .ball(step))
  }

  /// `ŵ = w + τ (M p − Eᵀ r)`, `w̄ ← 2 ŵ − w`, `w ← w + ρ (ŵ − w)`, with `M` zero where ∇ has no difference.
  package func formPair(
    _ pair: consuming MutableSpan<Float>, along dual: Span<Float>, _ tensor: Span<Float>,
    length: Float, relaxation: Float
  ) {
    form(
      pair, width: 2 * axisCount, from: dual, tensor,
      .pair(Step(radius: 0, length: length, relaxation: relaxation)))
  }

  /// `p ← p + ρ (P(p + σ M (∇v − w̄)) − p)`, with `P` the projection onto `|p| ≤ radius`.
  package func formSlopeDual(
    _ dual: consuming MutableSpan<Float>, from volume: Span<Float>, _ pair: Span<Float>, step: Step
  ) {
    precondition(dual.count == domainCount && volume.count == gradient.shape.count)
    precondition(pair.count == pairCount, "fields do not fit")
    let place = ahead
    gradient.workers.forEachPart(of: dual, gradient.ranges(axisCount)) { band, values in
      var values = values
      let band = gradient.bands[band]
      switch gradient.shape.laneCount {
      case 32: SlopeKernel<32>(gradient, band).form(&values, from: volume, pair, place, step)
      case 8: SlopeKernel<8>(gradient, band).form(&values, from: volume, pair, place, step)
      default: SlopeKernel<1>(gradient, band).form(&values, from: volume, pair, place, step)
      }
    }
  }

  /// `Σ |M (∇v − w)|` and `Σ |E w|`
  package func lengths(_ volume: Span<Float>, _ pair: Span<Float>) -> (slope: Double, bend: Double)
  {
    let place = now
    let parts = gradient.workers.results(gradient.bands.count) { index in
      let band = gradient.bands[index]
      return switch gradient.shape.laneCount {
      case 32:
        (
          SlopeKernel<32>(gradient, band).sum(volume, pair, place),
          BendKernel<32>(gradient, band).sum(pair, place)
        )
      case 8:
        (
          SlopeKernel<8>(gradient, band).sum(volume, pair, place),
          BendKernel<8>(gradient, band).sum(pair, place)
        )
      default:
        (
          SlopeKernel<1>(gradient, band).sum(volume, pair, place),
          BendKernel<1>(gradient, band).sum(pair, place)
        )
      }
    }
    return parts.reduce((0, 0)) { ($0.0 + $1.0, $0.1 + $1.1) }
  }

  private func form(
    _ tensor: consuming MutableSpan<Float>, from field: Span<Float>, _ place: Place,
    _ pass: DualPass
  ) {
    precondition(tensor.count == rangeCount, "fields do not fit")
    precondition(field.count == place.width * gradient.shape.count, "fields do not fit")
    gradient.workers.forEachPart(of: tensor, gradient.ranges(tensorCount)) { band, values in
      var values = values
      let band = gradient.bands[band]
      switch gradient.shape.laneCount {
      case 32: BendKernel<32>(gradient, band).form(&values, from: field, place, pass)
      case 8: BendKernel<8>(gradient, band).form(&values, from: field, place, pass)
      default: BendKernel<1>(gradient, band).form(&values, from: field, place, pass)
      }
    }
  }

  private func form(
    _ field: consuming MutableSpan<Float>, width: Int, from dual: Span<Float>,
    _ tensor: Span<Float>, _ pass: FieldPass
  ) {
    precondition(field.count == width * gradient.shape.count, "fields do not fit")
    precondition(tensor.count == rangeCount, "fields do not fit")
    gradient.workers.forEachPart(of: field, gradient.ranges(width)) { band, values in
      var values = values
      let band = gradient.bands[band]
      switch gradient.shape.laneCount {
      case 32: BendKernel<32>(gradient, band).form(&values, from: dual, tensor, pass)
      case 8: BendKernel<8>(gradient, band).form(&values, from: dual, tensor, pass)
      default: BendKernel<1>(gradient, band).form(&values, from: dual, tensor, pass)
      }
    }
  }
}
