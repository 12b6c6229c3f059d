/// What two volumes of one shape are to each other, before anything is measured on them.
package enum Likeness: Sendable, Hashable {
  /// One of them, or both, has one value everywhere.
  case constant(Whose)
  /// The second is the first times this factor, to the rounding of single precision.
  case same(factor: Double)
  case different

  package enum Whose: Sendable, Hashable { case first, second, both }

  /// Values this close together, against the largest, and residuals this small, against the range, are rounding.
  static let rounding = 1e-6

  /// Cost: two passes.
  ///
  /// - Precondition: both have one shape.
  package init(of first: Volume, and second: Volume, workers: Workers = .all) {
    precondition(first.shape == second.shape, "volumes differ in shape")
    let pair = ComparedVoxels(estimate: first, truth: second, mask: nil)
    let (one, other) = (
      ComparedVoxels(estimate: second, truth: first, mask: nil).tally(workers), pair.tally(workers)
    )
    switch (one.isConstant, other.isConstant) {
    case (true, true): self = .constant(.both)
    case (true, false): self = .constant(.first)
    case (false, true): self = .constant(.second)
    case (false, false):
      let factor = other.xt / other.xx
      let left = pair.residual(scale: factor, workers).squares / Double(other.count)
      let limit = Self.rounding * (other.largest - other.smallest)
      self = left <= limit * limit ? .same(factor: factor) : .different
    }
  }
}

extension ComparedVoxels.Tally {
  /// Whether all true values are one, to rounding.
  var isConstant: Bool {
    count == 0
      || largest - smallest <= Likeness.rounding * max(abs(largest), abs(smallest))
  }
}
