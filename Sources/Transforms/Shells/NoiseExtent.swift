import Fields
import RealModule

/// How much of a box the noise of two volumes fills, and how many coefficients it makes independent.
///
/// Noise of variance v(x) has coefficients that are correlated with their neighbours as the transform of v is wide: noise
/// in a part of the box makes them alike. Of all N of them, as many are independent as
///
///     share = (Σ v)² / (N Σ v²),   v = the mean of (w (A − B))² over blocks of 4 voxels a side, w the window
///
/// and of those of a thin shell in D dimensions, which has neighbours in D − 1 only, `share^((D−1)/D)`. For balls, slabs and
/// cylinders that fill 0.3 to 0.8 of the box that lies between 0 and 27 % below the exact count `n² / Σ |ρ(k − k′)|²`, ρ the transform
/// of v over Σ v, so that thresholds are a little too high rather than too low.
struct NoiseExtent {
  let shellFraction: Double

  private static let edge = 4

  /// - Parameter windows: of x, y and z.
  init(_ first: Volume, _ second: Volume, windows: [[Double]], workers: Workers) {
    let counts = [first.shape.width, first.shape.sliceCount, first.shape.depth]
    let window: @Sendable (Int, Int, Int) -> Double = { x, y, z in
      let w = windows[0][x] * windows[1][y] * windows[2][z]
      return w * w
    }
    // Of two that are the same, only the window is known.
    let share =
      Self.share(counts, workers) { x, y, z in
        let difference = Double(first[x, y, z]) - Double(second[x, y, z])
        return window(x, y, z) * difference * difference
      } ?? Self.share(counts, workers, of: window) ?? 1
    let dimensions = Double(counts.count { $0 > 1 })
    shellFraction = dimensions > 1 ? Double.pow(share, (dimensions - 1) / dimensions) : share
  }

  /// - Returns: `nil` where every value is 0.
  private static func share(
    _ counts: [Int], _ workers: Workers,
    of value: @escaping @Sendable (_ x: Int, _ y: Int, _ z: Int) -> Double
  ) -> Double? {
    let blocks = counts.map { ($0 + edge - 1) / edge }
    let parts = workers.results(blocks[2]) { z in
      var sums = (0.0, 0.0)
      for y in 0..<blocks[1] {
        for x in 0..<blocks[0] {
          let v = mean(of: value, in: zip([x, y, z], counts).map(range))
          sums = (sums.0 + v, sums.1 + v * v)
        }
      }
      return sums
    }
    let (sum, squares) = parts.reduce((0.0, 0.0)) { ($0.0 + $1.0, $0.1 + $1.1) }
    guard squares > 0 else { return nil }
    return min(1, sum * sum / (squares * Double(blocks.reduce(1, *))))
  }

  private static func range(of block: Int, within count: Int) -> Range<Int> {
    block * edge..<min((block + 1) * edge, count)
  }

  private static func mean(
    of value: (Int, Int, Int) -> Double, in ranges: [Range<Int>]
  ) -> Double {
    var sum = 0.0
    for z in ranges[2] { for y in ranges[1] { for x in ranges[0] { sum += value(x, y, z) } } }
    return sum / Double(ranges.reduce(1) { $0 * $1.count })
  }
}
