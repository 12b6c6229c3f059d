import Fields
import RealModule

/// How far shifts are looked for.
struct ShiftReach: Sendable {
  let right: Double
  let down: Double
  /// Half the shortest period of HAADF, where it is a lattice.
  var radius = Double.infinity

  var vector: SIMD2<Double> { [right, down] }

  func contains(_ d: SIMD2<Double>) -> Bool {
    abs(d.x) <= right && abs(d.y) <= down && d.squaredLength <= radius * radius
  }

  /// Whether a shift lies where the field, and no lattice, ends the search.
  func isEnded(at d: SIMD2<Double>) -> Bool { abs(d.x) >= right || abs(d.y) >= down }
}

extension ShiftMisfit {
  /// The whole pixels at which most is explained.
  ///
  /// The maps of a crystal fit again after every period of its lattice. Of all local maxima that explain about as much as
  /// the best, within a tenth of what the searched maps add or four standard deviations of its noise, the one nearest to
  /// the centre counts.
  func start(about centre: SIMD2<Double>, reach: ShiftReach) -> SIMD2<Double> {
    let maxima = maxima(about: centre, reach: reach)
    guard let top = maxima.max(by: { $0.explained < $1.explained }) else { return centre }
    let seen = ShiftUncertainty.significance(of: self, at: top.shift)
    let gain = top.explained - explainedBySettled(at: top.shift)
    let least = top.explained - gain * max(0.1, 4 / max(seen, 1e-12).squareRoot())
    let near = maxima.filter { $0.explained >= least }.min {
      ($0.shift - centre).squaredLength < ($1.shift - centre).squaredLength
    }
    return near?.shift ?? top.shift
  }

  /// Whole pixels at which no less is explained than at their neighbours within reach.
  func maxima(
    about centre: SIMD2<Double>, reach: ShiftReach
  ) -> [(shift: SIMD2<Double>, explained: Double)] {
    let (right, down) = (Int(reach.right), Int(reach.down))
    let (width, height) = (2 * right + 1, 2 * down + 1)
    let explained = scene.workers.results(height) { row in
      (0..<width).map { column in
        let d = SIMD2(Double(column - right), Double(row - down))
        return reach.contains(d) ? fit(at: centre + d).explained : -.infinity
      }
    }
    var maxima: [(shift: SIMD2<Double>, explained: Double)] = []
    for row in 0..<height {
      for column in 0..<width where explained[row][column] > 0 {
        let isMaximum = (max(0, row - 1)...min(height - 1, row + 1)).allSatisfy { r in
          (max(0, column - 1)...min(width - 1, column + 1)).allSatisfy {
            explained[r][$0] <= explained[row][column]
          }
        }
        guard isMaximum else { continue }
        maxima.append(
          (centre + [Double(column - right), Double(row - down)], explained[row][column]))
      }
    }
    return maxima
  }

  /// Newton's method on `S` with differences over half a pixel.
  ///
  /// - Returns: The shift and `½ ∂²S/∂d²` there; `nil` where there is no minimum within `reach` of the start.
  func optimum(
    from start: SIMD2<Double>, reach: Double
  ) -> (shift: SIMD2<Double>, bend: Symmetric)? {
    let h = 0.5
    var d = start
    var bend = Symmetric()
    for _ in 0..<20 {
      func misfit(_ right: Double, _ down: Double) -> Double {
        fit(at: d + [h * right, h * down]).misfit
      }
      let (middle, left, right) = (misfit(0, 0), misfit(-1, 0), misfit(1, 0))
      let (above, below) = (misfit(0, -1), misfit(0, 1))
      let slope = SIMD2((right - left) / (2 * h), (below - above) / (2 * h))
      let corner = misfit(1, 1) - misfit(1, -1) - misfit(-1, 1) + misfit(-1, -1)
      bend = Symmetric(
        xx: (right + left - 2 * middle) / (h * h), xy: corner / (4 * h * h),
        yy: (below + above - 2 * middle) / (h * h))
      guard bend.isPositive else { return nil }
      var step = -1 * (bend.inverse * slope)
      let length = step.squaredLength.squareRoot()
      if length > 1 { step /= length }
      d += step
      guard (d - start).squaredLength.squareRoot() <= reach else { return nil }
      if length < 1e-3 { break }
    }
    return (d, 0.5 * bend)
  }
}

extension SIMD2<Double> {
  var squaredLength: Double { x * x + y * y }
}
