import Fields
import RealModule

extension DamageSurvey {
  func fromGains() -> DamageReport {
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
