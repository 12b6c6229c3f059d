import Fields
import RealModule

import Alignment
import Statistics

/// Pages of a slab that fills the field, with balls inside and outside it, moved by known placements.
///
///     p(u, v) = t ρ / cos θ + Σ 2 √(r² − (u − x cos θ − z sin θ)² − (v − y)²)
///
/// sampled on 3 × 3 places of a pixel; noise of 2 % of the largest value.
struct SlabScene {
  let tilts: [Double]
  private(set) var truth: [Placement] = []
  private(set) var pages: [Image] = []

  private struct Ball { let x, y, z, r: Double }

  init(
    seed: UInt64, _ tilts: [Double] = Array(stride(from: -60.0, through: 60, by: 4)),
    rows: Int = 48, columns: Int = 72, turn degrees: Double = 0, largest: Double = 0,
    gains: Double = 0
  ) {
    self.tilts = tilts
    var random = SplitMix64(seed: seed)
    let (width, height, thickness) = (Double(columns), Double(rows), 20.0)
    let balls = (0..<44).map { k -> Ball in
      // A third of them within the field.
      let x = k < 12 ? random.uniform(within: 0.48 * width) : random.uniform(within: 1.5 * width)
      return Ball(
        x: x, y: random.uniform(within: 0.48 * height), z: random.uniform(within: 0.42 * thickness),
        r: 3 + random.uniform(within: 1))
    }
    let turn = Placement(rotation: degrees * .pi / 180)
    for tilt in tilts {
      let (c, s) = (Double.cos(tilt * .pi / 180), Double.sin(tilt * .pi / 180))
      let place = turn.then(
        Placement(across: random.uniform(within: largest), along: random.uniform(within: largest)))
      var page = Image(
        [Float](repeating: Float(0.3 * thickness / c), count: rows * columns), columnCount: columns)
      for ball in balls {
        let (u, v) = place.applied(ball.x * c + ball.z * s, ball.y)
        Self.draw(ball.r, at: u + (width - 1) / 2, v + (height - 1) / 2, on: &page)
      }
      truth.append(place)
      pages.append(page)
    }
    let noise = 0.02 * Double(pages.flatMap(\.pixels).max() ?? 0)
    for k in pages.indices {
      let gain = 1 + random.uniform(within: gains)
      for i in pages[k].pixels.indices {
        pages[k].pixels[i] = Float(gain * (Double(pages[k].pixels[i]) + noise * random.normal()))
      }
    }
  }

  private static func draw(_ r: Double, at u: Double, _ v: Double, on page: inout Image) {
    let rows = (Int(v - r) - 1..<Int(v + r) + 3).clamped(to: 0..<page.rowCount)
    let columns = (Int(u - r) - 1..<Int(u + r) + 3).clamped(to: 0..<page.columnCount)
    for row in rows {
      for column in columns {
        var sum = 0.0
        for i in -1...1 {
          for j in -1...1 {
            let (du, dv) = (Double(column) + Double(i) / 3 - u, Double(row) + Double(j) / 3 - v)
            sum += 2 * max(0, r * r - du * du - dv * dv).squareRoot()
          }
        }
        page[row, column] += Float(sum / 9)
      }
    }
  }

  /// What is left after `placements`, of pages that are not named.
  func residual(_ placements: [Placement], without bad: Set<Int> = []) -> AlignmentResidual {
    let kept = truth.indices.filter { !bad.contains($0) }
    return AlignmentResidual(
      kept.map { truth[$0].then(placements[$0]) }, tilts: kept.map { tilts[$0] })
  }
}

extension SplitMix64 {
  /// The sum of twelve uniform numbers, with a standard deviation of 1.
  mutating func normal() -> Double { (0..<12).reduce(0) { sum, _ in sum + uniform(within: 0.5) } }
}
