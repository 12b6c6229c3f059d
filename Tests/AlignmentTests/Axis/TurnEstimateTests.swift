import Testing

import Alignment

@Suite struct TurnEstimateTests {
  private let turns = [-1.0, -0.5, 0, 0.5, 1]

  /// c_k (ρ − ρ_k)² + a_k, all in one band.
  private func residuals(_ pages: [(place: Double, bend: Double)]) -> [[[Double]]] {
    turns.map { turn in
      pages.enumerated().map { k, page in
        [Double(k) + page.bend * (turn - page.place) * (turn - page.place)]
      }
    }
  }

  @Test("The lowest place of all pages, and the interval of a jackknife over them")
  func pages() {
    let pages = [(0.1, 1.0), (0.5, 2.0), (-0.2, 1.5), (0.3, 0.5)]
    // Of parabolas with known places the lowest one of a sum is Σ c ρ / Σ c.
    func place(without page: Int?) -> Double {
      let kept = pages.indices.filter { $0 != page }.map { pages[$0] }
      return kept.reduce(0) { $0 + $1.0 * $1.1 } / kept.reduce(0) { $0 + $1.1 }
    }
    let others = pages.indices.map { place(without: $0) }
    let mean = others.reduce(0, +) / 4
    let variance = others.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } * 3 / 4
    // Two equal bands of each page say nothing further.
    let halves = residuals(pages).map { $0.map { [$0[0] / 2, $0[0] / 2] } }
    let found = TurnEstimate(turns, halves)
    #expect(abs((found.best ?? 9) - place(without: nil)) < 1e-9)
    #expect(abs(found.error - 3.18245 * variance.squareRoot()) < 3e-3 * found.error)
    #expect(!found.isBeyond)
  }

  @Test("Bands that disagree widen the interval, where pages agree")
  func bands() {
    let same = (0..<6).map { _ in (0.2, 1.0) }
    let halves = residuals(same).map { $0.map { [$0[0], $0[0]] } }
    #expect(TurnEstimate(turns, halves).error < 1e-9)
    let apart = turns.map { turn in
      same.map { _ in [(turn - 0.5) * (turn - 0.5), (turn + 0.1) * (turn + 0.1)] }
    }
    let found = TurnEstimate(turns, apart)
    // Either band alone is 0.3° from both: σ = 0.3°, and t is 12.7 with one degree of freedom.
    #expect(abs((found.best ?? 9) - 0.2) < 1e-9 && abs(found.error - 12.7062 * 0.3) < 1e-3)
  }

  @Test(
    "A curve that falls to one end whatever is left out says so, and one that has no lowest place does not"
  )
  func ends() {
    let outside = TurnEstimate(
      turns, residuals([(6, 1), (7, 2), (8, 1)]).map { $0.map { $0 + $0 } })
    #expect(outside.best == nil && outside.error == .infinity && outside.isBeyond)
    let none = TurnEstimate(turns, residuals([(0.5, -1), (-0.5, -1), (0.1, 0.1)]))
    #expect(none.best == nil && !none.isBeyond)
  }

  @Test("Student's t, against scipy.stats.t.ppf(0.975, n)")
  func student() {
    for (n, t) in [(1, 12.7062), (2, 4.30265), (3, 3.18245), (7, 2.36462), (20, 2.08596)] {
      #expect(abs(studentT(degreesOfFreedom: n) - t) < 2e-3 * t)
    }
  }
}
