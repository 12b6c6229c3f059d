import Fields

/// Whether the pages stand in the order in which they were taken while their angles are sorted, or the other way round.
///
/// The pages are given to the angles as every usual scheme would have them, and two things are asked.
///
/// 1. Do neighbours look alike? The cost of an order is that of ``OrderCheck`` at a coarser scale, where noise hardly counts:
///
///        q = C(as told) / C(as the scheme has it)
///
/// 2. Does the spread of matter follow the angles (``SpreadFit``)? It tells symmetric objects, whose pages at θ and −θ are
///    alike:
///
///        q = R(as told) / R(as the scheme has it),   where the scheme explains four fifths of the spread
///
/// Nothing is told where pages a quarter of the series apart look as alike as neighbours, and the spread hardly varies, as of
/// a needle. Pages that resemble no other, such as spoilt ones, are left out. Orders that begin elsewhere than at the tilt nearest to
/// 0° must be cheaper by 3 %, since there are many of them.
struct SchemeCheck {
  /// The scheme that fits better than the angles; `nil` where none does.
  private(set) var scheme: TiltScheme?
  /// Degrees, one a page in the order of the file, as the scheme has them; the other sense fits as well.
  private(set) var degrees: [Double] = []
  /// q
  private(set) var gain = 1.0
  /// What q must exceed.
  private(set) var limit = 1.0

  private struct Candidate {
    let order: TiltScheme.Order
    /// Of each page of the file.
    let degrees: [Double]
    /// Pages in the order of their angles.
    let byAngle: [Int]
  }

  /// - Parameters:
  ///   - coarse: one a page.
  ///   - pages: the pages to look at, in the order of the file.
  ///   - context: the angles of all pages, and the axis.
  init(_ coarse: [Image], _ pages: [Int], _ context: SeriesContext, workers: Workers) {
    let count = pages.count
    guard count >= 9 else { return }
    let (shown, told) = (pages.map { coarse[$0] }, pages.map { context.tilts[$0] })
    let sorted = told.sorted()
    let flat = sorted.indices.min { abs(sorted[$0]) < abs(sorted[$1]) } ?? 0
    let all = Self.candidates(sorted, flat)
    let small = shown.map { $0.binned(by: max(1, min($0.rowCount, $0.columnCount) / 64)) }
    let distances = PageDistances(small, BandPass(narrow: 2, wide: 8), workers: workers)
    let isKept = distances.resemblesOthers
    func cost(_ order: [Int]) -> Double { distances.cost(order.filter { isKept[$0] }) }
    let costs = all.map { candidate in
      let cost = cost(candidate.byAngle)
      return candidate.order.scheme == .sweep || candidate.order.start == flat ? cost : cost / 0.97
    }
    let ascending = (0..<count).sorted { told[$0] < told[$1] }
    if let best = costs.indices.min(by: { costs[$0] < costs[$1] }),
      distances.contrast(all[best].byAngle.filter { isKept[$0] }) > 1.15
    {
      // Few pages agree with many orders by chance.
      take(all[best], cost(ascending) / max(costs[best], 1e-12), limit: count < 13 ? 1.1 : 1.02)
    }
    guard scheme == nil else { return }
    let spread = SpreadFit(shown, axis: context.axis, workers: workers)
    let likely = all.filter { $0.order.scheme == .sweep || $0.order.start == flat }
    let fits = likely.map { spread.residual($0.degrees, of: isKept) }
    guard let best = fits.indices.min(by: { fits[$0].left < fits[$1].left }) else { return }
    let (left, whole) = fits[best]
    guard left < 0.2 * whole, spread.isVaried(isKept) else { return }
    take(
      likely[best], spread.residual(told, of: isKept).left / (left + 1e-3 * whole),
      limit: count < 15 ? 8 : 2.5)
  }

  private mutating func take(_ candidate: Candidate, _ gain: Double, limit: Double) {
    (self.gain, self.limit) = (gain, limit)
    guard gain > limit else { return }
    (scheme, degrees) = (candidate.order.scheme, candidate.degrees)
  }

  private static func candidates(_ sorted: [Double], _ flat: Int) -> [Candidate] {
    let count = sorted.count
    let reach = count < 20 ? 0 : count / 10
    let starts = Set(flat - reach...flat + reach).union([count / 2]).sorted()
    return TiltScheme.orders(count, starts: starts).map { order in
      // The page that was taken k-th stands at place k of the file.
      var byAngle = [Int](repeating: 0, count: count)
      for (page, place) in order.places.enumerated() { byAngle[place] = page }
      return Candidate(order: order, degrees: order.places.map { sorted[$0] }, byAngle: byAngle)
    }
  }

  var finding: Finding? {
    guard let scheme else { return nil }
    let first = degrees.prefix(5).map { short($0) }.joined(separator: ", ")
    return Finding(
      .pageOrder, .fault,
      """
      Pages are not in the order of their angles: they fit best if they were recorded \(scheme.words).
      """,
      cure: """
        Pass the angles in the order of the pages: \(first), … The pages do not show which side came first: the same with \
        opposite signs may be right.
        """
    ).scored(gain, limit: limit)
  }
}
