/// Keeps a run together with what was found out before it, such as the λ that was chosen.
package final class KeeperAfterLists: RunKeeper {
  private let keeper: any RunKeeper
  private let lists: [[Double]]
  package let point: RunPoint?

  package var interval: Int { keeper.interval }

  /// - Parameter lists: complete; a point of `keeper` from before that is none of this run.
  package init(_ keeper: any RunKeeper, _ lists: [[Double]]) {
    (self.keeper, self.lists) = (keeper, lists)
    point = keeper.point.flatMap { point in
      point.refinements == 0
        ? nil
        : RunPoint(
          refinements: point.refinements, sums: point.sums,
          numbers: Array(point.numbers.dropFirst(lists.count)))
    }
  }

  package func read(into field: inout MutableSpan<Float>, from start: Int) throws {
    try keeper.read(into: &field, from: start)
  }

  package func keep(
    _ point: RunPoint, floatCount: Int,
    floats: (_ put: (Span<Float>) throws -> Void) throws -> Void
  ) throws {
    try keeper.keep(
      RunPoint(refinements: point.refinements, sums: point.sums, numbers: lists + point.numbers),
      floatCount: floatCount, floats: floats)
  }
}
