import Fields
import Imaging
import Inversion
import RealModule

/// The linear methods where the blur is diagonal: `x̂ = ĥ* φ ŷ`.
///
///     naive      φ = 1 / |ĥ|²                     where |ĥ| is above rounding
///     tsvd       φ = 1 / |ĥ|²   for |ĥ|² ≥ λ      (truncated singular values)
///     tikhonov   φ = 1 / (|ĥ|² + λ)               minimises ‖Hx − y‖² + λ ‖x‖²
///     gradient   φ = 1 / (|ĥ|² + λ |d|²)          minimises ‖Hx − y‖² + λ ‖∇x‖²
enum LinearFilter: Sendable {
  case naive, tsvd, tikhonov, gradient

  /// Below this part of the largest gain a response is nothing but rounding.
  static let rounding = 1e-20

  @inline(__always)
  func factor(gain: Double, cost: Double, lambda: Double) -> Double {
    switch self {
    case .naive: gain > Self.rounding ? 1 / gain : 0
    case .tsvd: gain >= lambda ? 1 / gain : 0
    case .tikhonov: 1 / (gain + lambda)
    case .gradient: gain + lambda * cost > 0 ? 1 / (gain + lambda * cost) : 0
    }
  }
}

/// What one strength of a linear filter makes of a measurement, known without making the image.
///
///     residual² = Σ |ŷ|² (1 − |ĥ|² φ)² / n,    degrees of freedom = Σ |ĥ|² φ / n
extension LinearFilter {
  /// All strengths in one pass over the modes.
  func trials(
    _ lambdas: [Double], _ diagonal: DiagonalBlur, _ measured: [Double], truth: [Double]? = nil
  ) -> [LambdaTrial] {
    let count = lambdas.count
    let zero = [Double](repeating: 0, count: 3 * count)
    let lines = diagonal.sums(measured, zero) { sums, mode in
      for l in 0..<count {
        let φ = factor(gain: mode.gain, cost: mode.cost, lambda: lambdas[l])
        let passed = mode.gain * φ
        let rest = 1 - passed
        sums[l] += mode.multiplicity * mode.power * rest * rest
        let norm = self == .gradient ? mode.cost : 1
        sums[count + l] += mode.multiplicity * norm * passed * φ * mode.power
        sums[2 * count + l] += mode.multiplicity * passed
      }
    }
    var total = zero
    for line in lines { for i in total.indices { total[i] += line[i] } }
    let n = Double(diagonal.grid.count)
    let errors = truth.map { diagonal.errors(self, lambdas, measured, $0) }
    return lambdas.indices.map { l in
      LambdaTrial(
        lambda: lambdas[l], residual: (total[l] / n).squareRoot(), penalty: total[count + l],
        degreesOfFreedom: total[2 * count + l] / n, error: errors?[l])
    }
  }
}

extension DiagonalBlur {
  /// `√(Σ |ĥ* φ ŷ − x̂|² / n)` of each strength.
  fileprivate func errors(
    _ filter: LinearFilter, _ lambdas: [Double], _ measured: [Double], _ truth: [Double]
  ) -> [Double] {
    let zero = [Double](repeating: 0, count: lambdas.count)
    let lines = comparisons(measured, truth, zero) { sums, mode, difference in
      for l in lambdas.indices {
        let φ = filter.factor(gain: mode.gain, cost: mode.cost, lambda: lambdas[l])
        sums[l] += mode.multiplicity * difference(φ)
      }
    }
    var total = zero
    for line in lines { for l in total.indices { total[l] += line[l] } }
    return total.map { ($0 / Double(grid.count)).squareRoot() }
  }
}

/// The Wiener filter with a signal-to-noise ratio for each band of frequencies.
///
///     φ |ĥ|² = max(1 − σ² / P, 0),   P = the mean of |ŷ|² over a ring of frequencies
///
/// A ring counts as signal where P exceeds σ² by three standard errors, and after three rings that do
/// not, none does: by then the noise is all there is, and division would raise it.
///
/// - Reference: N. Wiener, Extrapolation, Interpolation, and Smoothing of Stationary Time Series (1949).
struct WienerBands: Sendable {
  /// The part that each ring passes.
  let passed: [Double]
  /// `P / σ² − 1`
  let ratios: [Double]
  /// Cycles per pixel of the centre of each ring.
  let frequencies: [Double]
  private let ringsPerCycle: Double
  private let isPeriodic: Bool
  private let counts: (Int, Int, Int)

  init(_ diagonal: DiagonalBlur, _ measured: [Double], noise: Double) {
    let grid = diagonal.grid
    let isPeriodic = diagonal.transform.kind == .fourier
    let counts = (grid.planeCount, grid.rowCount, grid.columnCount)
    let ringsPerCycle = Double(max(grid.planeCount, grid.rowCount, grid.columnCount, 16))
    (self.isPeriodic, self.counts, self.ringsPerCycle) = (isPeriodic, counts, ringsPerCycle)
    let ringCount = Int(0.87 * ringsPerCycle) + 2
    let zero = [Double](repeating: 0, count: 2 * ringCount)
    var total = zero
    for line in diagonal.sums(
      measured, zero,
      { sums, mode in
        let ring = Self.ring(mode, counts, isPeriodic, ringsPerCycle)
        sums[2 * ring] += mode.multiplicity * mode.power
        sums[2 * ring + 1] += mode.multiplicity
      })
    {
      for i in total.indices { total[i] += line[i] }
    }
    let variance = noise * noise
    var (passed, ratios, silent) = ([Double](), [Double](), 0)
    for ring in 0..<ringCount {
      let count = total[2 * ring + 1]
      let power = count > 0 ? total[2 * ring] / count : 0
      let isSignal = count > 0 && power - variance > 3 * variance * (2 / count).squareRoot()
      silent = isSignal ? 0 : count > 0 ? silent + 1 : silent
      if silent >= 3 {
        passed += Array(repeating: 0, count: ringCount - passed.count)
        ratios += Array(repeating: 0, count: ringCount - ratios.count)
        break
      }
      passed.append(isSignal ? 1 - variance / power : 0)
      ratios.append(isSignal ? power / variance - 1 : 0)
    }
    (self.passed, self.ratios) = (passed, ratios)
    frequencies = (0..<ringCount).map { (Double($0) + 0.5) / ringsPerCycle }
  }

  func factor(_ mode: DiagonalBlur.Mode) -> Double {
    guard mode.gain > LinearFilter.rounding else { return 0 }
    return passed[Self.ring(mode, counts, isPeriodic, ringsPerCycle)] / mode.gain
  }

  private static func ring(
    _ mode: DiagonalBlur.Mode, _ counts: (Int, Int, Int), _ isPeriodic: Bool,
    _ ringsPerCycle: Double
  ) -> Int {
    func cycles(_ k: Int, _ n: Int) -> Double {
      isPeriodic ? Double(min(k, n - k)) / Double(n) : Double(k) / Double(2 * n)
    }
    let (p, r, c) = (
      cycles(mode.place.0, counts.0), cycles(mode.place.1, counts.1),
      cycles(mode.place.2, counts.2)
    )
    return Int((p * p + r * r + c * c).squareRoot() * ringsPerCycle)
  }
}
