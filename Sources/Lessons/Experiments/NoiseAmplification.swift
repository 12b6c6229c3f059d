import Deblurring
import DenseAlgebra
import Plots
import Reconstruction

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
      .chart(.panel(title, x: .init("sample", limits: 0...63), y: y, series))
    }
    let object = Chart.Series.samples("truth", truth)
    let lambda = study.best.lambda
    return LabResult(
      facts: [
        "conditionNumber": .finite(
          try Diagnosis(study.lecture.blur, y, noise: 0.1).conditionNumber),
        "rmseNaive": .finite(errors.naive), "rmseTikhonov": .finite(errors.best),
        "lambda": .finite(lambda), "naiveOverTikhonov": .finite(errors.naive / errors.best),
        "errorBound": .finite(
          try Diagnosis(study.lecture.blur, y, noise: 0.1)
            .errorBound(noiseNorm: norm(study.lecture.noise))),
        "errorNormNaive": .finite(errors.naive * Double(truth.count).squareRoot()),
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
            [.samples("Hx", study.lecture.clean), .samples("y", y, mark: .points)],
            .init("y")),
          panel(
            "Naive inverse, RMSE \(rounded(errors.naive, digits: 4))",
            [object, .samples("naive", study.naive)], .init("x")),
          panel(
            "Tikhonov, λ = \(rounded(lambda)), RMSE \(rounded(errors.best, digits: 4))",
            [object, .samples("Tikhonov", best)]),
        ]))
  }
}
