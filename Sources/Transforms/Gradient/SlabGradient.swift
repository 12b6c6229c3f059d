public import Fields
public import Operators

/// The gradient of a volume by forward differences, zero at the far edge of each axis.
///
///     (∇v)ₓ = v(x + 1) − v(x),   likewise along z and, across slabs, along y
///
/// Volumes are `[slab][z][x][lane]`, gradients `[slab][z][x][component][lane]` with the components
/// x, z and y. Beside the plain operator there are the fused passes of which solvers are made; each
/// runs over memory once. `‖∇‖² ≤ 4 · componentCount`.
///
/// Traffic in bytes per voxel, three components: dual step 28, primal step 20, total variation 4.
public struct SlabGradient: LinearOperator {
  /// Which neighbours a difference reaches.
  public enum Reach: String, Sendable, Codable, CaseIterable {
    /// x, z and y.
    case space
    /// x and z: each slice by itself.
    case slice
  }

  package let shape: SlabShape
  package let workers: Workers
  /// 3, or 2 where slices are not linked.
  package let componentCount: Int
  /// Pages are worked on in bands, so that a page is still in cache as its own neighbour.
  let bands: [Band]

  struct Band: Sendable {
    let slab: Int
    let pages: Range<Int>
  }
  private static let bandHeight = 16

  /// The gradient of volumes laid out as `shape`.
  ///
  /// - Parameter reach: whether differences along y are taken, too; a volume of one slice has none.
  public init(_ shape: SlabShape, reach: Reach = .space, workers: Workers = .all) {
    (self.shape, self.workers) = (shape, workers)
    componentCount = reach == .space && shape.sliceCount > 1 ? 3 : 2
    bands = (0..<shape.slabCount).flatMap { slab in
      stride(from: 0, to: shape.pageCount, by: Self.bandHeight).map {
        Band(slab: slab, pages: $0..<min(shape.pageCount, $0 + Self.bandHeight))
      }
    }
  }

  public var domainCount: Int { shape.count }
  public var rangeCount: Int { componentCount * shape.count }

  /// `p ← ∇v`
  public func apply(_ volume: Span<Float>, into gradient: consuming MutableSpan<Float>) {
    formDual(gradient, from: volume, pass: .plain)
  }

  /// `v ← ∇ᵀp`
  public func applyAdjoint(_ gradient: Span<Float>, into volume: consuming MutableSpan<Float>) {
    formPrimal(volume, from: gradient, base: gradient, pass: .plain)
  }

  /// What becomes of the dual field once `∇v` is formed.
  package enum DualPass: Sendable {
    /// `p ← ∇v`
    case plain
    /// `p ← p + ρ (P(p + σ ∇v) − p)`, with `P` the projection onto `|p| ≤ radius`.
    case ball(radius: Float, step: Float, relaxation: Float)
    /// `p ← p + ρ (f · (p + σ ∇v) − p)`
    case scaled(factor: Float, step: Float, relaxation: Float)
  }

  /// Forms the dual field in one pass over memory.
  package func formDual(
    _ dual: consuming MutableSpan<Float>, from volume: Span<Float>, pass: DualPass
  ) {
    precondition(volume.count == domainCount && dual.count == rangeCount, "fields do not fit")
    workers.forEachPart(of: dual, ranges(componentCount)) { band, values in
      var values = values
      switch shape.laneCount {
      case 32: DualKernel<32>(self, bands[band]).form(&values, from: volume, pass: pass)
      case 8: DualKernel<8>(self, bands[band]).form(&values, from: volume, pass: pass)
      default: DualKernel<1>(self, bands[band]).form(&values, from: volume, pass: pass)
      }
    }
  }

  /// `Σ |∇v|` over true voxels, with |·| the Euclidean length of the gradient of a voxel.
  package func totalVariation(_ volume: Span<Float>) -> Double { sum(volume, squared: false) }

  /// `Σ |∇v|²`
  package func squaredLength(_ volume: Span<Float>) -> Double { sum(volume, squared: true) }

  private func sum(_ volume: Span<Float>, squared: Bool) -> Double {
    precondition(volume.count == domainCount, "the volume does not fit")
    let sums = workers.results(bands.count) { band in
      switch shape.laneCount {
      case 32: DualKernel<32>(self, bands[band]).sum(volume, squared: squared)
      case 8: DualKernel<8>(self, bands[band]).sum(volume, squared: squared)
      default: DualKernel<1>(self, bands[band]).sum(volume, squared: squared)
      }
    }
    return sums.reduce(0, +)
  }

  /// What becomes of the volume once `∇ᵀp` is formed.
  enum PrimalPass {
    /// `v ← ∇ᵀp`
    case plain
    /// `v ← u − T (∇ᵀp + offset)`
    case step(RunFactors, offset: Float)
  }

  /// `v ← u − T (∇ᵀp + offset)` in one pass over memory; padding lanes become zero.
  ///
  /// - Parameters:
  ///   - base: `u`
  ///   - steps: `T`, one per run.
  package func step(
    _ volume: consuming MutableSpan<Float>, from base: Span<Float>, along dual: Span<Float>,
    steps: RunFactors, offset: Float = 0
  ) {
    precondition(base.count == domainCount, "the base does not fit")
    formPrimal(volume, from: dual, base: base, pass: .step(steps, offset: offset))
  }

  private func formPrimal(
    _ volume: consuming MutableSpan<Float>, from dual: Span<Float>, base: Span<Float>,
    pass: PrimalPass
  ) {
    precondition(volume.count == domainCount && dual.count == rangeCount, "fields do not fit")
    workers.forEachPart(of: volume, ranges(1)) { band, values in
      var values = values
      switch shape.laneCount {
      case 32:
        PrimalKernel<32>(self, bands[band]).form(&values, from: dual, base: base, pass: pass)
      case 8: PrimalKernel<8>(self, bands[band]).form(&values, from: dual, base: base, pass: pass)
      default:
        PrimalKernel<1>(self, bands[band]).form(&values, from: dual, base: base, pass: pass)
      }
    }
  }

  /// The floats of each band, `factor` floats per voxel.
  func ranges(_ factor: Int) -> [Range<Int>] {
    bands.map { band in
      let start = band.slab * shape.slabLength + band.pages.lowerBound * shape.pageLength
      return factor * start..<factor * (start + band.pages.count * shape.pageLength)
    }
  }
}
