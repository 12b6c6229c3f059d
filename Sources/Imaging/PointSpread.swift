package import Errors
import RealModule

/// What the image of a point looks like: weights around an origin.
///
///     (H x)(r) = Σ_d h(d) x(r − d)
///
/// `[plane][row][column]`; an image has one plane. Planes, rows and columns of zeros at the rim are left out.
package struct PointSpread: Sendable, Hashable {
  package let grid: Grid
  package let weights: [Double]
  /// The point's own place: plane, row, column.
  package let origin: [Int]

  /// Takes the weights `h`, `[plane][row][column]`; they need not add up to 1.
  ///
  /// - Parameters:
  ///   - grid: one point per weight.
  ///   - origin: plane, row and column of the point's own place, from 0; the middle of the grid by default.
  /// - Throws: ``BlurError`` where weights are not finite, do not add up to more than zero, or are too large together
  ///   for single precision.
  package init(_ weights: [Double], on grid: Grid, origin: [Int]? = nil) throws(BlurError) {
    precondition(weights.count == grid.count, "one weight a point of the grid")
    let middle = [grid.planeCount / 2, grid.rowCount / 2, grid.columnCount / 2]
    let origin = origin ?? middle
    precondition(
      zip(origin, [grid.planeCount, grid.rowCount, grid.columnCount])
        .allSatisfy { 0..<$1 ~= $0 }, "the origin lies in the grid")
    if let index = weights.firstIndex(where: { !$0.isFinite }) { throw .weight(index: index) }
    let size = weights.reduce(0) { $0 + abs($1) }
    guard Float(size).isFinite else { throw .tooLarge(sum: size) }
    guard size > 0 else { throw .allZero }
    let sum = weights.reduce(0, +)
    guard abs(sum) > 1e-12 * size else { throw .noWeight }
    guard sum > 0 else { throw .negativeSum(sum) }
    (self.weights, self.grid, self.origin) = Self.trimmed(weights, grid, origin)
  }

  /// Weights that are known to be good.
  private init(_ weights: [Double], _ grid: Grid, _ origin: [Int]) {
    (self.weights, self.grid, self.origin) = Self.trimmed(weights, grid, origin)
  }

  /// The same without planes, rows and columns of zeros around weights and origin, which would only
  /// make fields longer.
  private static func trimmed(
    _ weights: [Double], _ grid: Grid, _ origin: [Int]
  ) -> ([Double], Grid, [Int]) {
    let counts = [grid.planeCount, grid.rowCount, grid.columnCount]
    var (low, high) = (origin, origin)
    for (index, weight) in weights.enumerated() where weight != 0 {
      let place = [
        index / (counts[1] * counts[2]), index / counts[2] % counts[1], index % counts[2],
      ]
      for axis in 0..<3 {
        low[axis] = min(low[axis], place[axis])
        high[axis] = max(high[axis], place[axis])
      }
    }
    let part = Grid(
      planeCount: high[0] - low[0] + 1, rowCount: high[1] - low[1] + 1,
      columnCount: high[2] - low[2] + 1)
    let kept = (low[0]...high[0]).flatMap { plane in
      (low[1]...high[1]).flatMap { row in
        (low[2]...high[2]).map { weights[(plane * counts[1] + row) * counts[2] + $0] }
      }
    }
    return (kept, part, zip(origin, low).map { $0 - $1 })
  }

  /// In pixels.
  package static let widest = 1000.0

  /// `h(d) ∝ exp(−Σ d² / 2σ²)`, `Σ h = 1`, sampled at whole pixels up to 6 σ.
  ///
  /// - Parameter sigmas: in pixels along plane, row and column; zero leaves an axis sharp.
  /// - Throws: ``BlurError/width(_:)`` where one is negative, or wider than 1000 pixels.
  package init(gaussian sigmas: [Double]) throws(BlurError) {
    precondition(sigmas.count == 3, "one width an axis")
    for sigma in sigmas where !(0...Self.widest ~= sigma) { throw .width(sigma) }
    let axes = sigmas.map { sigma -> [Double] in
      guard sigma > 0 else { return [1] }
      let reach = Int((6 * sigma).rounded(.up))
      let values = (-reach...reach).map { Double.exp(-Double($0 * $0) / (2 * sigma * sigma)) }
      let sum = values.reduce(0, +)
      return values.map { $0 / sum }
    }
    grid = Grid(
      planeCount: axes[0].count, rowCount: axes[1].count, columnCount: axes[2].count)
    weights = axes[0].flatMap { p in axes[1].flatMap { r in axes[2].map { p * r * $0 } } }
    origin = axes.map { $0.count / 2 }
  }

  package var sum: Double { weights.reduce(0, +) }
  package var absoluteSum: Double { weights.reduce(0) { $0 + abs($1) } }

  /// The same shape with `Σ h = 1`.
  package func normalised() throws(BlurError) -> PointSpread {
    let sum = sum
    return try PointSpread(weights.map { $0 / sum }, on: grid, origin: origin)
  }

  /// `Σ h d / Σ h`, in pixels from the origin.
  package var centroid: [Double] {
    var moments = [0.0, 0, 0]
    forEach { offset, weight in
      for axis in 0..<3 { moments[axis] += weight * Double(offset[axis]) }
    }
    let sum = sum
    return moments.map { $0 / sum }
  }

  /// The same weights around the pixel nearest to their centroid.
  ///
  /// - Throws: ``BlurError/centroidOutside`` where that lies outside, for negative weights.
  package func centred() throws(BlurError) -> PointSpread {
    let place = zip(origin, centroid).map { $0 + Int($1.rounded()) }
    guard
      zip(place, [grid.planeCount, grid.rowCount, grid.columnCount])
        .allSatisfy({ 0..<$1 ~= $0 })
    else { throw .centroidOutside }
    return try PointSpread(weights, on: grid, origin: place)
  }

  /// How far weights reach from the origin, to lower and to higher indices of each axis.
  var reach: [(before: Int, after: Int)] {
    zip(origin, [grid.planeCount, grid.rowCount, grid.columnCount]).map { ($0, $1 - 1 - $0) }
  }

  /// Whether each axis may be mirrored by itself, to rounding.
  package var isMirrorSymmetric: Bool {
    guard reach.allSatisfy({ $0.before == $0.after }) else { return false }
    let (p, r, c) = (grid.planeCount, grid.rowCount, grid.columnCount)
    let tolerance = 1e-12 * (weights.map { abs($0) }.max() ?? 0)
    for plane in 0..<p {
      for row in 0..<r {
        for column in 0..<c {
          let value = weights[(plane * r + row) * c + column]
          let mirrored = [
            weights[((p - 1 - plane) * r + row) * c + column],
            weights[(plane * r + r - 1 - row) * c + column],
            weights[(plane * r + row) * c + c - 1 - column],
          ]
          if mirrored.contains(where: { abs($0 - value) > tolerance }) { return false }
        }
      }
    }
    return true
  }

  /// The same in pictures that are turned by 90° clockwise into fields, as those with the tilt axis along x are: what lies above a
  /// point then lies at higher columns.
  package var turned: PointSpread {
    map(
      to: Grid(planeCount: grid.planeCount, rowCount: grid.columnCount, columnCount: grid.rowCount)
    ) {
      [$0[0], $0[2], -$0[1]]
    } _: {
      $0
    }
  }

  /// The sums of absolute weights over rows: what it makes of pictures whose rows are all the same.
  package var absoluteRow: PointSpread {
    map(to: Grid(planeCount: grid.planeCount, rowCount: 1, columnCount: grid.columnCount)) {
      [$0[0], 0, $0[2]]
    } _: {
      abs($0)
    }
  }

  /// How many times its sum the absolute weights can add up to near the ends of mirrored rows, over all points that one is spread to; 1
  /// for an even spread.
  ///
  ///     Σ_{d ≥ −j} |h(d)| + Σ_{d > j} |h(d)|     for the j-th row, d along rows; from the other end with −d
  package var gainAtMirroredRows: Double {
    var rows = [Int: Double]()
    forEach { offset, weight in rows[offset[1], default: 0] += abs(weight) }
    let size = absoluteSum
    func excess(_ sign: Int) -> Double {
      let sums = (0...grid.rowCount).map { j in
        rows.reduce(0.0) { sum, row in
          let d = sign * row.key
          return sum + (d >= -j ? row.value : 0) + (d > j ? row.value : 0)
        }
      }
      return max(0, (sums.max() ?? 0) / size - 1)
    }
    return 1 + excess(1) + excess(-1)
  }

  /// Weights at other offsets (plane, row, column), those that meet added up.
  private func map(
    to grid: Grid, _ place: ([Int]) -> [Int], _ value: (Double) -> Double
  ) -> PointSpread {
    let target = place([0, 0, 0])
    let places = [self.grid.planeCount, self.grid.rowCount, self.grid.columnCount]
    let corners = [origin.map { -$0 }, zip(places, origin).map { $0 - 1 - $1 }].map(place)
    let first = (0..<3).map { min(corners[0][$0], corners[1][$0]) }
    var moved = [Double](repeating: 0, count: grid.count)
    forEach { offset, weight in
      let at = zip(place(offset), first).map { $0 - $1 }
      moved[(at[0] * grid.rowCount + at[1]) * grid.columnCount + at[2]] += value(weight)
    }
    return PointSpread(moved, grid, zip(target, first).map { $0 - $1 })
  }

  /// Calls `body` with the offset from the origin (plane, row, column) and the weight of each point.
  func forEach(_ body: (_ offset: [Int], _ weight: Double) -> Void) {
    var index = 0
    for plane in 0..<grid.planeCount {
      for row in 0..<grid.rowCount {
        for column in 0..<grid.columnCount {
          body([plane - origin[0], row - origin[1], column - origin[2]], weights[index])
          index += 1
        }
      }
    }
  }
}

/// Why a blur could not be set up.
package enum BlurError: CategorisedError, Equatable {
  /// A weight is not finite.
  case weight(index: Int)
  /// All weights are zero.
  case allZero
  /// Weights of both signs add up to zero.
  case noWeight
  /// The weights add up to less than zero.
  case negativeSum(Double)
  /// The absolute weights add up to more than single precision holds.
  case tooLarge(sum: Double)
  /// A width that is not from 0 to 1000 pixels.
  case width(Double)
  /// The centre of mass lies outside the grid.
  case centroidOutside
  /// An exponent of Z that is not from 0.5 to 3.
  case exponent(Double)
  /// A scale that is not positive and finite.
  case scale(Double)
  /// A length in nm where the distance of samples is not known.
  case stepUnknown

  package var category: ErrorCategory {
    switch self {
    case .weight, .allZero, .noWeight, .negativeSum, .tooLarge, .centroidOutside: .badData
    default: .usage
    }
  }

  package var description: String {
    switch self {
    case .weight(let index):
      "Value \(index) of the point spread is not a finite number. Correct it."
    case .allZero:
      "The point spread contains only zeros. Check the file."
    case .negativeSum(let sum):
      """
      The sum of the point spread is negative (\(Float(sum))), which would invert the contrast. \
      Check its signs and the background that was subtracted from it.
      """
    case .noWeight:
      "The sum of the point spread is zero. Give one with a positive sum."
    case .tooLarge(let sum):
      """
      The values of the point spread add up to \(sum), more than single precision holds. \
      Divide them by their sum.
      """
    case .width(let sigma):
      "The width of a point spread must be between 0 and 1000 pixels (got \(sigma))."
    case .centroidOutside:
      "The centre of mass of the point spread is outside of it. Remove its negative values."
    case .exponent(let gamma):
      "The exponent of Z must be between 0.5 and 3, such as 1.7 (got \(gamma))."
    case .stepUnknown:
      "A length in pm or nm needs the distance of samples. Give --step, or the length in px."
    case .scale(let scale):
      "The scale must be a positive finite number (got \(scale))."
    }
  }
}
