package import Fields
package import Operators

/// The mean over voxels with similar surroundings, as a symmetric and doubly stochastic matrix `W` (DSG-NLM).
///
///     k(s, r) = Λ(s − r) exp(−‖P_s g − P_r g‖² / (2 n σ²)),     K̂ = C^−½ K C^−½ with C = diag(K 1)
///     W = α K̂ + I − diag(α K̂ 1),     α = 1 / max K̂ 1
///
/// with the patch `P_s g` of n = 3^d voxels of a guide g, which goes on beyond its edges as it is there, and the triangle Λ of radius w. Both
/// factors of k are positive definite, and so is W: its eigenvalues are in [0, 1], and W is the proximal map of `½ xᵀ (W⁺ − I) x` on its range.
/// Weights are found anew from the guide in every product, since stored ones would take (2w + 1)^d / 2 volumes.
///
/// Memory: guide and two more volumes. Cost: about 30 (2w + 1)^d / 2 operations per voxel and product, and two products to set up.
///
/// - Reference: S. Sreehari et al., IEEE Trans. Comput. Imaging 2, 408 (2016).
package struct NonLocalMean: LinearOperator {
  private let guide: FloatStorage
  /// `√α C^−½`, zero in padding.
  private var factors: FloatStorage
  /// `1 − α K̂ 1`, zero in padding.
  private var rest: FloatStorage
  private let grid: PatchGrid
  private let exponent: Float
  private let workers: Workers

  /// What a mean looks at.
  package struct Neighbourhood: Sendable, Hashable {
    package let reach: SlabGradient.Reach
    /// `w` of volumes, and of slices by themselves.
    package let radius: Int

    /// - Parameter radius: `w`; by default 2 in three dimensions and 5 in two, which are nearly as many partners.
    package init(_ shape: SlabShape, reach: SlabGradient.Reach, radius: Int? = nil) {
      self.reach = shape.sliceCount > 1 ? reach : .slice
      self.radius = radius ?? (self.reach == .space ? 2 : 5)
    }
  }

  /// - Parameters:
  ///   - guide: a volume laid out as `shape`.
  ///   - strength: `σ` in units of the guide, above 0: the noise that patches may differ by.
  package init(
    guide: FloatStorage, _ shape: SlabShape, strength: Float, _ neighbourhood: Neighbourhood,
    workers: Workers = .all
  ) {
    var ones = FloatStorage(zeros: shape.count)
    var span = ones.mutableSpan
    for run in stride(from: 0, to: shape.count, by: shape.laneCount) {
      let lanes = shape.slices(of: run / shape.slabLength).count
      for i in run..<run + lanes { unsafe span[unchecked: i] = 1 }
    }
    self.init(
      guide: guide, factors: ones, rest: ones, shape, strength: strength, neighbourhood,
      workers: workers)
    let sums = product(with: ones, none)
    factors.combine(sums) { one, sum in one > 0 ? 1 / sum.squareRoot() : 0 }
    var rows = product(with: factors, none)  // K C^−½ 1
    rows.combine(factors) { $0 * $1 }
    let α = 1 / max(largest(rows), .leastNormalMagnitude)
    rest.combine(rows) { one, row in one > 0 ? max(0, 1 - α * row) : 0 }
    factors.combine(factors) { factor, _ in α.squareRoot() * factor }
  }

  /// The same mean from the fields of another one.
  package init(
    guide: FloatStorage, factors: FloatStorage, rest: FloatStorage, _ shape: SlabShape,
    strength σ: Float, _ neighbourhood: Neighbourhood, workers: Workers
  ) {
    precondition(guide.count == shape.count, "the guide does not fit its shape")
    precondition(σ > 0 && σ.isFinite && neighbourhood.radius > 0, "a mean is over something")
    (self.guide, self.factors, self.rest, self.workers) = (guide, factors, rest, workers)
    grid = PatchGrid(
      shape, windowRadius: neighbourhood.radius, isLinked: neighbourhood.reach == .space)
    // Sums over 27 neighbours count each of 9 thrice, where an axis has none.
    exponent = -1.442_695 / (2 * 27 * σ * σ)
  }

  /// Guide, factors and rest.
  package var fields: [FloatStorage] { [guide, factors, rest] }

  package var domainCount: Int { grid.shape.count }
  package var rangeCount: Int { grid.shape.count }

  /// `y ← W x`
  package func apply(_ x: Span<Float>, into y: consuming MutableSpan<Float>) {
    precondition(x.count == domainCount && y.count == domainCount, "fields do not fit")
    let (ranges, factors, rest) = (grid.ranges, factors.span, rest.span)
    form(y, from: x, factors) { band, values in
      var values = values
      let first = ranges[band].lowerBound
      for i in values.indices {
        let j = first &+ i
        let own = unsafe rest[unchecked: j] * x[unchecked: j]
        unsafe values[unchecked: i] = own + factors[unchecked: j] * values[unchecked: i]
      }
    }
  }

  /// `W` is its own adjoint.
  package func applyAdjoint(_ y: Span<Float>, into x: consuming MutableSpan<Float>) {
    apply(y, into: x)
  }

  private let none = FloatStorage(zeros: 0)

  /// `K (f u)`, with u = 1 where it is empty.
  private func product(with f: FloatStorage, _ u: FloatStorage) -> FloatStorage {
    var sums = FloatStorage(zeros: domainCount)
    form(sums.mutableSpan, from: f.span, u.span) { _, _ in }
    return sums
  }

  private func form(
    _ sums: consuming MutableSpan<Float>, from f: Span<Float>, _ u: Span<Float>,
    then finish: @Sendable (_ band: Int, _ values: consuming MutableSpan<Float>) -> Void
  ) {
    let guide = guide.span
    workers.forEachPart(of: sums, grid.ranges) { band, values in
      var values = values
      for box in grid.boxes(of: grid.bands[band]) {
        box.sum(
          f, times: u, guide: guide, exponent: exponent, into: &values, of: grid.bands[band])
      }
      finish(band, values)
    }
  }

  private func largest(_ field: FloatStorage) -> Float {
    let values = field.span
    return values.indices.reduce(0) { max($0, values[$1]) }
  }
}

extension FloatStorage {
  /// `x ← body(x, y)`
  fileprivate mutating func combine(_ other: FloatStorage, _ body: (Float, Float) -> Float) {
    var values = mutableSpan
    for i in values.indices {
      unsafe values[unchecked: i] = body(values[unchecked: i], other.span[unchecked: i])
    }
  }
}
