public import Fields
import RealModule

/// Estimates the loss L of intensity over a series, `I = I₀ (1 − L d)`, with d the part of the dose
/// that the specimen has had.
///
/// The mass of a slice y = const is the same at every tilt as long as it lies wholly within the bins.
/// Where such slices exist (``EdgeSurvey``), the total intensity of them is followed. Where not, what
/// a tilt holds depends on its angle, and L shows only in how tilts differ from their neighbours:
///
///     ln T_k = s(θ_k) + ln(1 − L d_k)
///
/// with T the intensity under a window that falls to zero at the outer bins and s a spline. A loss is
/// *identifiable* where at least 5 % of the variance of d is no smooth function of θ (asked of the
/// second way only) and the standard error of L is at most 3 %.
///
/// Intensity alone does not tell damage from a drift of the beam current or of the detector.
public struct DamageSurvey: Sendable {
  public static let leastTolerance = 0.05
  public static let largestError = 0.03
  /// A drift of the vacuum that would make less of L than this is none.
  static let leastDrift = 0.002

  public let series: TiltSeries
  public let order: AcquisitionOrder
  /// The dose of each page in any unit, where it is known.
  public let doses: [Double]?
  /// The value of vacuum; found at the outer bins, or 0 in the second way, where it is `nil`.
  public let vacuum: Double?
  private let dose: [Double]

  /// - Throws: ``DosePlanningError/doses(page:_:)`` where a dose is not positive.
  public init(
    _ series: TiltSeries, _ order: AcquisitionOrder, doses: [Double]? = nil, vacuum: Double? = nil
  ) throws(DosePlanningError) {
    (self.series, self.order, self.doses, self.vacuum) = (series, order, doses, vacuum)
    dose = try order.accumulated(doses)
  }

  public func run() -> DamageReport {
    let edges = EdgeSurvey(series, byAngle: byAngle, vacuum: vacuum)
    return fromTotals(edges) ?? fromGains()
  }

  private var byAngle: [Int] {
    series.tilts.indices.sorted { (series.tilts[$0], $0) < (series.tilts[$1], $1) }
  }
  private var byTime: [Int] {
    order.positions.indices.sorted { order.positions[$0] < order.positions[$1] }
  }
  private var orders: [[Int]] { [byAngle, byTime] }
  /// Noise falls as the dose of a page grows.
  private var weights: [Double] { doses ?? series.tilts.map { _ in 1 } }

  private func report(
    _ basis: DamageReport.Basis, _ finding: DamageReport.Finding, relative: [Double],
    fitted: [Double]?, tolerance: Double? = nil
  ) -> DamageReport {
    let points = relative.indices.map {
      DamageReport.Point(
        tilt: series.tilts[$0], position: order.positions[$0], dose: dose[$0],
        relative: relative[$0], fitted: fitted?[$0])
    }
    let scatter = fitted.map { fitted in
      let squares = fitted.indices.reduce(0) {
        $0 + (relative[$1] - fitted[$1]) * (relative[$1] - fitted[$1])
      }
      return (squares / Double(fitted.count)).squareRoot()
    }
    return DamageReport(
      basis: basis, finding: finding, points: points, scatter: scatter, tolerance: tolerance)
  }

  private func judged(_ loss: Double, _ error: Double) -> DamageReport.Finding {
    error <= Self.largestError
      ? .loss(loss, standardError: error) : .notIdentifiable(.standardError(error))
  }
}

// MARK: - Slices wholly in view

extension DamageSurvey {
  /// `M_k = a + b d_k`, L = −b / a.
  ///
  /// The error of L propagates those of b and of the weighted mean of M, which are independent, and of
  /// the vacuum level, which shifts all M alike. A film too thin to be seen, or a vacuum that drifts,
  /// would give a slope c of the levels beyond the object and c · pixels of b: the error of c counts
  /// too, and where c stands out by three times its error slices are not relied on.
  ///
  /// - Returns: `nil` where no slices can be relied on.
  private func fromTotals(_ edges: EdgeSurvey) -> DamageReport? {
    guard edges.isTrusted else { return nil }
    let shape = series.shape
    let pixels = Double(edges.slices.count * shape.binCount)
    let totals = (0..<shape.tiltCount).map { tilt in
      edges.slices.reduce(0.0) { sum, slice in
        (0..<shape.binCount).reduce(sum) { $0 + Double(series[tilt, slice, $1]) }
      } - pixels * edges.vacuum
    }
    guard let fit = constantFit(totals), let level = constantFit(edges.levels),
      fit.nuisance[0] > 0
    else { return nil }
    let start = fit.nuisance[0]
    let loss = -fit.slope / start
    let (drift, driftError) = (
      level.slope * pixels / start, level.slopeError * pixels / start
    )
    guard abs(drift) <= max(3 * driftError, Self.leastDrift) else { return nil }
    let sum = weights.reduce(0, +)
    let centre = zip(totals, weights).reduce(0) { $0 + $1.0 * $1.1 } / sum
    let squares = zip(fit.residuals, weights).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
    let centreVariance = squares / Double(fit.freedom) / sum * fit.inflation
    // ∂L/∂b = −M̄ / a², ∂L/∂M̄ = b / a², ∂L/∂(vacuum) = −L pixels / a
    let parts = [
      centre / (start * start) * fit.slopeError,
      fit.slope / (start * start) * centreVariance.squareRoot(),
      loss * pixels * edges.vacuumError / start, driftError,
    ]
    let error = parts.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return report(
      .totalIntensity(
        slices: edges.slices, vacuum: edges.vacuum, vacuumError: edges.vacuumError,
        unseen: edges.unseen, vacuumTrend: driftError),
      judged(loss, error), relative: totals.map { $0 / start }, fitted: dose.map { 1 - loss * $0 })
  }

  private func constantFit(_ values: [Double]) -> LineFit? {
    LineFit(
      values, over: dose, nuisance: [dose.map { _ in 1 }], weights: weights, orders: orders)
  }
}

// MARK: - Gains

extension DamageSurvey {
  private func fromGains() -> DamageReport {
    let totals = windowed()
    let mean = totals.reduce(0, +) / Double(totals.count)
    let choices = TiltCurve.knots(totals.count)
    let basis = DamageReport.Basis.gains(knots: choices[1], spreadOverKnots: nil)
    let plain = totals.map { mean != 0 ? $0 / mean : 0 }
    guard totals.allSatisfy({ $0 > 0 }) else {
      return report(basis, .notIdentifiable(.noIntensity), relative: plain, fitted: nil)
    }
    guard totals.count >= choices[2] + 5 + 6 else {
      return report(
        basis, .notIdentifiable(.tooFewTilts(totals.count)), relative: plain, fitted: nil)
    }
    let tolerance = tolerance(knots: choices[1])
    guard tolerance >= Self.leastTolerance else {
      return report(
        basis, .notIdentifiable(.doseFollowsTilt(part: tolerance)), relative: plain, fitted: nil,
        tolerance: tolerance)
    }
    let fits = choices.compactMap { fit(totals, knots: $0) }
    guard fits.count == choices.count else {
      return report(
        basis, .notIdentifiable(.doseFollowsTilt(part: tolerance)), relative: plain, fitted: nil,
        tolerance: tolerance)
    }
    let losses = fits.map(\.loss)
    let spread = ((losses.max() ?? 0) - (losses.min() ?? 0)) / 2
    let (loss, line) = fits[1]
    let error = (line.slopeError * line.slopeError + spread * spread).squareRoot()
    let fitted = dose.map { 1 - loss * $0 }
    return report(
      .gains(knots: choices[1], spreadOverKnots: spread), judged(loss, error),
      relative: zip(fitted, line.residuals).map { $0 * .exp($1) }, fitted: fitted,
      tolerance: tolerance)
  }

  /// The intensity of each tilt under (1 + cos) / 2 across the bins, so that what enters or leaves
  /// the view does so gradually.
  private func windowed() -> [Double] {
    let shape = series.shape
    let window = (0..<shape.binCount).map {
      (1 - Double.cos(2 * .pi * (Double($0) + 0.5) / Double(shape.binCount))) / 2
    }
    return (0..<shape.tiltCount).map { tilt in
      (0..<shape.sliceCount).reduce(0.0) { sum, slice in
        window.indices.reduce(sum) {
          $0 + window[$1] * (Double(series[tilt, slice, $1]) - (vacuum ?? 0))
        }
      }
    }
  }

  private func terms(_ knots: Int) -> [[Double]] {
    TiltCurve.terms(series.tilts, knots: knots, first: series.tilts[byTime[0]])
  }

  /// How much of the dose is no smooth function of the tilt.
  private func tolerance(knots: Int) -> Double {
    LineFit(dose, over: dose, nuisance: terms(knots), weights: weights, orders: [])?.tolerance ?? 0
  }

  /// Gauss and Newton on L: `ln T − ln(1 − L d) + L x = s + L' x`, with x = −d / (1 − L d).
  private func fit(_ totals: [Double], knots: Int) -> (loss: Double, line: LineFit)? {
    let terms = terms(knots)
    var (loss, line): (Double, LineFit?) = (0, nil)
    for _ in 0..<20 {
      let left = dose.map { max(0.05, 1 - loss * $0) }
      let x = zip(dose, left).map { -$0 / $1 }
      let y = totals.indices.map { Double.log(totals[$0]) - .log(left[$0]) + loss * x[$0] }
      guard let next = LineFit(y, over: x, nuisance: terms, weights: weights, orders: orders)
      else { return nil }
      line = next
      let step = next.slope - loss
      loss = next.slope
      if abs(step) < 1e-10 { break }
    }
    return line.map { (loss, $0) }
  }
}
