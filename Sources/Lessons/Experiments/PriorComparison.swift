import Deblurring
import Inversion
import Plots
import Reconstruction

extension LabResult {
  /// Steps got back by the gradient penalty and by total variation, each at its best λ.
  static func tikhonovAgainstTV() throws -> LabResult {
    var facts: [String: Setting] = [:]
    var tables: [(part: String, table: Table)] = []
    var parts: [Figure.Part] = []
    for (scale, name, words) in [
      (Blur.Scale.rowSum, "rowSum", "row sums 1"), (.peak, "peak", "peak 1"),
    ] {
      let lecture = Lecture(stepsThrough: Lecture.blur(sigma: 4, count: 96, scale: scale))
      let smooth = try oracle(lecture, .gradient, scale)
      let flat = try oracle(lecture, .tv, scale)
      for (method, choice) in [("gradient", smooth), ("tv", flat)] {
        facts["rmse \(method) \(name)"] = .finite(
          rootMeanSquareError(choice.estimate.x, lecture.truth))
        facts["lambda \(method) \(name)"] = .finite(choice.lambda)
      }
      tables.append(
        (
          name,
          try table([
            ("sample", lecture.truth.indices.map { Double($0) }), ("truth", lecture.truth),
            ("measurement", lecture.measurement), ("gradient", smooth.estimate.x),
            ("tv", flat.estimate.x),
          ])
        ))
      let errors = [smooth, flat].map { rounded(rootMeanSquareError($0.estimate.x, lecture.truth)) }
      var panel = Chart.panel(
        "Operator with \(words): RMSE \(errors[0]) and \(errors[1])",
        x: .init("sample", limits: 0...95), y: .init("x", limits: 0...1),
        [
          .samples("truth", lecture.truth), .samples("gradient", smooth.estimate.x),
          .samples("TV", flat.estimate.x),
        ])
      panel.markers = [.init(.vertical, at: 29.5), .init(.vertical, at: 54.5)]
      parts.append(.chart(panel))
    }
    return LabResult(
      facts: facts, tables: tables,
      figure: Figure(
        "Steps behind a blur of 4 samples, noise 0.06: two penalties at their best λ",
        columnCount: 2, parts))
  }

  private static func oracle(
    _ lecture: Lecture, _ method: SignalMethod, _ scale: Blur.Scale
  ) throws -> SignalChooser.Choice {
    var chooser = SignalChooser(.oracle)
    chooser.truth = lecture.truth
    // Ten values a decade about the best.
    chooser.grid = LambdaGrid(from: 1e-2, to: 10, count: 31)
    return try chooser.choose(
      try SignalProblem(lecture.blur, lecture.measurement, method))
  }

  /// Tikhonov at its best and far too strong, and which components came from the prior.
  static func reconstructionLimits() throws -> LabResult {
    let study = try PeakStudy()
    let (lecture, best) = (study.lecture, study.best.estimate.x)
    let strong = try study.solution(5)
    let diagnosis = try Diagnosis(lecture.blur, lecture.measurement, noise: lecture.noiseLevel)
    let order = diagnosis.singularValues.indices.map { Double($0 + 1) }
    let truth = try powers(lecture.truth, diagnosis)
    let found = try powers(best, diagnosis)
    let noise = diagnosis.singularValues.map { lecture.noiseLevel * lecture.noiseLevel / ($0 * $0) }
    let floor = diagnosis.noiseFloor(
      forSignal: rootMeanSquareError(lecture.truth, lecture.truth.map { _ in 0 }))
    let lost = diagnosis.lost(lecture.truth, below: floor)
    let share = power(lost) / power(lecture.truth)
    let filled = zip(found, noise).count { $0 < $1 }
    // The measurement has another scale: it is drawn at the size of x.
    let gain = diagnosis.singularValues.first ?? 1
    let left = Chart.panel(
      "λ = \(rounded(study.best.lambda)) and λ = 5", x: .init("sample", limits: 0...63),
      y: .init("x", limits: -0.2...1.2),
      [
        .samples("truth", lecture.truth), .samples("y / σ₁", lecture.measurement.map { $0 / gain }),
        .samples("λ*, RMSE \(rounded(study.error(best)))", best),
        .samples("λ = 5, \(rounded(study.error(strong)))", strong),
      ])
    let right = Chart.panel(
      "Power by component: below the noise, the prior decides", x: .init("component i"),
      y: .init("power", scale: .logarithmic, limits: 1e-8...1e2),
      [
        .curve("truth (vᵢᵀx)²", order, truth), .curve("found (vᵢᵀx̂)²", order, found),
        .curve("noise ε² / σᵢ²", order, noise),
      ])
    return LabResult(
      facts: [
        "lambda": .finite(study.best.lambda), "rmse": .finite(study.error(best)),
        "rmseAtFive": .finite(study.error(strong)), "rmseNaive": .finite(study.error(study.naive)),
        "componentsBelowNoise": .count(filled), "powerBelowNoiseFloor": .finite(share),
      ],
      tables: [
        (
          "",
          try table([
            ("sample", lecture.truth.indices.map { Double($0) }), ("truth", lecture.truth),
            ("measurement", lecture.measurement), ("best", best), ("strong", strong),
          ])
        ),
        (
          "components",
          try table([
            ("component", order), ("truth", truth), ("found", found), ("noise", noise),
          ])
        ),
      ],
      figure: Figure(
        "What is recovered and what is not", columnCount: 2, [.chart(left), .chart(right)]))
  }

  /// `(vᵢᵀ x)²`, not below what a chart can show.
  private static func powers(_ x: [Double], _ diagnosis: Diagnosis) throws -> [Double] {
    diagnosis.components(of: x).map { max($0 * $0, 1e-12) }
  }

  private static func power(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 } }
}
