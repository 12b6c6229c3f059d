package import Fields

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
package struct DamageSurvey: Sendable {
  package static let leastTolerance = 0.05
  package static let largestError = 0.03
  /// A drift of the vacuum that would make less of L than this is none.
  static let leastDrift = 0.002

  package let series: TiltSeries
  package let order: AcquisitionOrder
  /// The dose of each page in any unit, where it is known.
  package let doses: [Double]?
  /// The value of vacuum; found at the outer bins, or 0 in the second way, where it is `nil`.
  package let vacuum: Double?
  let dose: [Double]

  /// - Throws: ``DosePlanningError/doses(page:_:)`` where a dose is not positive.
  package init(
    _ series: TiltSeries, _ order: AcquisitionOrder, doses: [Double]? = nil, vacuum: Double? = nil
  ) throws(DosePlanningError) {
    (self.series, self.order, self.doses, self.vacuum) = (series, order, doses, vacuum)
    dose = try order.accumulated(doses)
  }

  package func run() -> DamageReport {
    let edges = EdgeSurvey(series, byAngle: byAngle, vacuum: vacuum)
    return fromTotals(edges) ?? fromGains()
  }

  var byAngle: [Int] {
    series.tilts.indices.sorted { (series.tilts[$0], $0) < (series.tilts[$1], $1) }
  }
  var byTime: [Int] {
    order.positions.indices.sorted { order.positions[$0] < order.positions[$1] }
  }
  var orders: [[Int]] { [byAngle, byTime] }
  /// Noise falls as the dose of a page grows.
  var weights: [Double] { doses ?? series.tilts.map { _ in 1 } }

  func report(
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

  func judged(_ loss: Double, _ error: Double) -> DamageReport.Finding {
    error <= Self.largestError
      ? .loss(loss, standardError: error) : .notIdentifiable(.standardError(error))
  }
}
