import Fields
import RealModule

/// How far HAADF falls behind the projection law where projections are largest.
///
/// Thick specimens scatter more than once and HAADF saturates, about as `h = u − κ u²` of the projection u. The sum of u
/// over a page is the same at every tilt of an object that stays in the field, so that pages that look along more matter
/// at once hold less:
///
///     Σ h = M − κ Σ u²,     u = (1 − √(1 − 4 κ h)) / 2κ
///
/// A straight line through all pages gives κ and its standard error. A fit to the fused concentrations would not do: they
/// follow a damped HAADF nearly everywhere.
package struct ProjectionLaw: Sendable, Codable, Hashable {
  /// `κ u` at the largest projections (those that one pixel in a thousand exceeds), and its standard error.
  package let damping: Double
  package let error: Double

  /// Whether the damping is no chance and matters: beyond three standard errors and 3 %.
  package var isBroken: Bool { damping > 3 * error && damping > 0.03 }
}

extension FusionProblem {
  /// - Returns: `nil` for images and series of up to four tilts.
  func projectionLaw(offset: Double) -> ProjectionLaw? {
    let (pictures, field) = (data.haadf.pictures, data.haadf.measurement)
    guard pictures.count > 4 else { return nil }
    let values = field.span
    var signals: [Double] = []
    signals.reserveCapacity(pictures.shape.valueCount)
    for block in pictures.blocks(64) {
      pictures.forEachPixel(of: block) { signals.append(Double(values[$0]) - offset) }
    }
    signals.sort()
    let largest = signals[signals.count - 1 - signals.count / 1000]
    guard largest > 0 else { return nil }
    let sums = pictures.sums(of: field)
    var (κ, error) = (0.0, 0.0)
    for _ in 0..<20 {
      var squares = [Double](repeating: 0, count: pictures.count)
      for block in pictures.blocks(64) {
        pictures.forEachPixel(of: block) {
          let u = undamped(Double(values[$0]) - offset, κ)
          squares[block.picture] += u * u
        }
      }
      guard let line = Line(squares, sums) else { return nil }
      let next = -line.slope
      error = line.error
      // A damping beyond a quarter of the largest signal has no u.
      let isSettled = abs(next - κ) * largest < 1e-4
      κ = min(next, 0.24 / largest)
      if isSettled { break }
    }
    let u = undamped(largest, κ)
    return ProjectionLaw(damping: κ * u, error: error * u)
  }

  private func undamped(_ h: Double, _ κ: Double) -> Double {
    abs(κ * h) < 1e-6 ? h : (1 - max(1 - 4 * κ * h, 0).squareRoot()) / (2 * κ)
  }
}

/// Least squares through points, with the standard error of the slope.
private struct Line {
  let slope: Double
  let error: Double

  init?(_ x: [Double], _ y: [Double]) {
    let count = Double(x.count)
    let (u, v) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
    let square = x.reduce(0.0) { $0 + ($1 - u) * ($1 - u) }
    guard square > 1e-12 * u * u * count else { return nil }
    let slope = zip(x, y).reduce(0.0) { $0 + ($1.0 - u) * ($1.1 - v) } / square
    let rest = zip(x, y).reduce(0.0) { sum, point in
      let r = point.1 - v - slope * (point.0 - u)
      return sum + r * r
    }
    (self.slope, error) = (slope, (rest / (count - 2) / square).squareRoot())
  }
}

extension FusionResult {
  var projectionNote: [String] {
    guard let law = projectionLaw, law.isBroken else { return [] }
    func percent(_ value: Double) -> String { "\((1000 * value).rounded() / 10)" }
    return [
      """
      HAADF is \(percent(law.damping)) ± \(percent(law.error)) % below the projection law where projections are \
      largest: pages along thicker matter have less intensity. Thick parts saturate, and their concentrations are too \
      small. Use a thinner part of the specimen, or fewer of the tilts at which it is thick.
      """
    ]
  }
}
