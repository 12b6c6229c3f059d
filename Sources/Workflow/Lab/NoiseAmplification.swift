import Deblurring
import DenseAlgebra
import Foundation
import Plots
import RealModule

extension LabResult {
  /// The object, its measurement, the naive inverse and Tikhonov's best.
  static func noiseAmplification() throws -> LabResult {
    let study = try PeakStudy()
    let (truth, y) = (study.lecture.truth, study.lecture.measurement)
    let best = study.best.estimate.x
    let errors = (naive: study.error(study.naive), best: study.error(best))
    func panel(
      _ title: String, _ series: [Chart.Series], _ y: Chart.Axis = .init("x", limits: -0.2...1.2)
    ) -> Figure.Part {
      .chart(chart(title, x: .init("sample", limits: 0...63), y: y, series))
    }
    let object = samples("truth", truth)
    let lambda = study.best.lambda
    return LabResult(
      facts: [
        "conditionNumber": fact(
          try Diagnosis(study.lecture.blur, y, noise: 0.1).conditionNumber),
        "rmseNaive": fact(errors.naive), "rmseTikhonov": fact(errors.best),
        "lambda": fact(lambda), "naiveOverTikhonov": fact(errors.naive / errors.best),
        "errorBound": fact(
          try Diagnosis(study.lecture.blur, y, noise: 0.1)
            .errorBound(noiseNorm: norm(study.lecture.noise))),
        "errorNormNaive": fact(errors.naive * Double(truth.count).squareRoot()),
      ],
      tables: [
        (
          "",
          try table([
            ("sample", truth.indices.map { Double($0) }), ("truth", truth), ("measurement", y),
            ("naive", study.naive), ("tikhonov", best),
          ])
        )
      ],
      figure: Figure(
        "Noise amplification: Gaussian blur of 3 samples, noise 0.1", columnCount: 2,
        [
          panel("Object", [object]),
          panel(
            "Measurement y = Hx + ε",
            [samples("Hx", study.lecture.clean), samples("y", y, mark: .points)],
            .init("y")),
          panel(
            "Naive inverse, RMSE \(rounded(errors.naive, digits: 4))",
            [object, samples("naive", study.naive)], .init("x")),
          panel(
            "Tikhonov, λ = \(rounded(lambda)), RMSE \(rounded(errors.best, digits: 4))",
            [object, samples("Tikhonov", best)]),
        ]))
  }
}

/// Three significant digits, for titles: "0.140", "230", "1.00e-5".
func rounded(_ value: Double, digits: Int = 3) -> String {
  guard value.isFinite else { return "\(value)" }
  let exponent = value == 0 ? 0 : Int(Double.log10(abs(value)).rounded(.down))
  guard -4...6 ~= exponent else { return String(format: "%.2g", value) }
  return String(format: "%.*f", max(0, digits - 1 - exponent), value)
}
