import Fields
import Statistics

/// Whether pages lie in the order of their angles: neighbours in tilt look alike.
///
/// The distance of two pages is 1 − the highest normalised correlation of their band-passed pictures, whatever
/// their shift. The cost of an order is
///
///     C = Σ_k Σ_{r=1}^{3} d(k, k + r) / r
///
/// and two pages are called swapped where exchanging them lowers it by more than a fifth of the mean cost of a
/// page (0.6 of it within three pages of the ends, which have fewer neighbours). Where
/// pages ten apart are as alike as neighbours, as those of a sphere, nothing can be told.
struct OrderCheck {
  /// Swapped pairs with what exchanging them gains, in mean costs of a page; indices of pages.
  private(set) var swaps: [(first: Int, second: Int, gain: Double)] = []
  /// Pages that resemble neither neighbour while those resemble each other.
  private(set) var strangers: [Int] = []
  /// The median distance ten apart over that of neighbours.
  private(set) var contrast = 1.0

  static let limit = 0.2

  /// - Parameter ascending: the pages to look at, in the order of their angles.
  init(_ coarse: [Image], _ ascending: [Int], workers: Workers) {
    let count = ascending.count
    guard count >= 9 else { return }
    let distance = PageDistances(
      ascending.map { coarse[$0] }, BandPass(narrow: 1, wide: 3), workers: workers)
    let near = upperMedian((1..<count).map { distance($0, $0 - 1) })
    let apart = min(10, count / 4)
    contrast = upperMedian((apart..<count).map { distance($0, $0 - apart) }) / max(near, 1e-12)
    for k in 1..<count - 1 {
      let (left, right) = (distance(k, k - 1), distance(k, k + 1))
      if min(left, right) > max(4 * distance(k - 1, k + 1), 3 * near) {
        strangers.append(ascending[k])
      }
    }
    guard contrast > 1.3 else { return }
    // A page that resembles no other has no better place.
    let isKnown = distance.resemblesOthers
    var order = Array(0..<count)
    func cost(about places: [Int]) -> Double {
      var sum = 0.0
      for low in 0..<count {
        for r in 1...PageDistances.reach where low + r < count {
          guard places.contains(low) || places.contains(low + r) else { continue }
          sum += distance(order[low], order[low + r]) / Double(r)
        }
      }
      return sum
    }
    let whole = cost(about: Array(0..<count)) / Double(count)
    for _ in 0..<5 {
      var best = (first: 0, second: 0, excess: 0.0, gain: 0.0)
      for i in 0..<count {
        for j in i + 1..<count where isKnown[order[i]] && isKnown[order[j]] {
          // Twins, as pages at θ and −θ of a symmetric object, may stand either way.
          if j - i > PageDistances.reach, distance(order[i], order[j]) <= near { continue }
          let before = cost(about: [i, j])
          order.swapAt(i, j)
          let gain = (before - cost(about: [i, j])) / whole
          order.swapAt(i, j)
          let isAtEnd = i < PageDistances.reach || j >= count - PageDistances.reach
          let excess = gain - (isAtEnd ? 3 : 1) * Self.limit
          if excess > best.excess { best = (i, j, excess, gain) }
        }
      }
      guard best.excess > 0 else { break }
      swaps.append((ascending[order[best.first]], ascending[order[best.second]], best.gain))
      order.swapAt(best.first, best.second)
    }
    // Swapped pages are strange where they stand, and have been named.
    strangers.removeAll { page in swaps.contains { $0.first == page || $0.second == page } }
  }

  func findings() -> [Finding] {
    var found = swaps.map { swap in
      let pages = [swap.first + 1, swap.second + 1].sorted()
      return Finding(
        .pageOrder, swap.gain >= 1 ? .fault : .warning,
        "\(pageWords(pages).capitalisedFirst) seem to be swapped: each resembles the other's neighbours.",
        cure: "Exchange their angles, or leave them out (prepare --exclude)."
      ).on(pages).scored(swap.gain, limit: Self.limit)
    }
    if !strangers.isEmpty {
      let pages = strangers.map { $0 + 1 }.sorted()
      found.append(
        Finding(
          .pageOrder, .warning,
          "\(pageWords(pages).capitalisedFirst) resemble\(pages.count == 1 ? "s" : "") no neighbour.",
          cure: "Inspect them (voxtilt slices), and leave out damaged ones (prepare --exclude)."
        ).on(pages))
    }
    guard found.isEmpty else { return found }
    return contrast > 1.3
      ? [Finding(.pageOrder, .passed, "Pages resemble their neighbours in tilt.").scored(contrast)]
      : [
        Finding(
          .pageOrder, .note,
          "Distant pages are as similar as neighbours: their order cannot be determined."
        ).scored(contrast)
      ]
  }
}
