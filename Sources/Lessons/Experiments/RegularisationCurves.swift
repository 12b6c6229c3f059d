import Deblurring
import Inversion
import Plots
import Reconstruction

extension LabResult {
  /// The error along λ, and its split into bias and variance over 200 draws of the noise.
  static func uCurve() throws -> LabResult {
    let study = try PeakStudy()
    let lambdas = study.sweep.points.map(\.lambda)
    let errors = study.sweep.points.map { $0.rmse ?? .nan }
    let split = try BiasVariance(study.lecture, .tikhonov, Lecture.grid, draws: 200).points
    let parts = (
      bias: split.map { $0.squaredBias.squareRoot() },
      spread: split.map { $0.variance.squareRoot() },
      total: split.map { $0.meanSquareError.squareRoot() }
    )
    let middle = split.min { $0.meanSquareError < $1.meanSquareError }?.lambda ?? 0
    let axis = Chart.Axis("λ", scale: .logarithmic)
    var left = Chart.panel(
      "One measurement", x: axis, y: .init("RMSE of x̂", scale: .logarithmic),
      [.curve("RMSE", lambdas, errors)])
    let (lambda, error) = (study.best.lambda, study.best.rmse ?? .nan)
    left.markers = [
      .init(.vertical, at: lambda, "λ* = \(rounded(lambda)), RMSE \(rounded(error, digits: 4))")
    ]
    left.notes = [.init(.init(lambda, error), "")]
    var right = Chart.panel(
      "200 measurements", x: axis, y: .init("root mean square", scale: .logarithmic),
      [
        .curve("error", lambdas, parts.total), .curve("bias", lambdas, parts.bias),
        .curve("spread", lambdas, parts.spread),
      ])
    right.markers = [.init(.vertical, at: middle, "λ = \(rounded(middle))")]
    return LabResult(
      facts: [
        "lambda": .finite(study.best.lambda), "rmse": .finite(study.best.rmse ?? .nan),
        "rmseAtSmallest": .finite(errors[0]), "rmseAtLargest": .finite(errors[errors.count - 1]),
        "lambdaOverDraws": .finite(middle), "draws": .count(200), "seed": .count(1),
      ],
      tables: [
        (
          "",
          try table([
            ("lambda", lambdas), ("rmse", errors), ("meanError", parts.total),
            ("bias", parts.bias), ("spread", parts.spread),
          ])
        )
      ],
      figure: Figure(
        "The error along λ: too little and too much regularisation", columnCount: 2,
        [.chart(left), .chart(right)]))
  }

  /// The L-curve with its corner, and where each rule would put λ.
  static func lCurve() throws -> LabResult {
    let study = try PeakStudy()
    let lecture = study.lecture
    var settings = SignalProblem.Settings()
    // The noise as it was drawn, not what it was drawn from.
    settings.noise = rootMeanSquareError(lecture.clean, lecture.measurement)
    var chooser = SignalChooser(.lCurve)
    (chooser.truth, chooser.grid) = (lecture.truth, Lecture.grid)
    let choice = try chooser.choose(
      try SignalProblem(lecture.blur, lecture.measurement, .tikhonov, settings))
    let points = choice.sweep.points
    var left = Chart.panel(
      "From λ = 1e-5 (top left) to 100 (bottom right)",
      x: .init("residual ‖Hx̂ − y‖", scale: .logarithmic),
      y: .init("size of the solution ‖x̂‖", scale: .logarithmic),
      [.curve("λ", points.map(\.residual), points.map(\.penalty), mark: .both)])
    for (lambda, name) in [
      (choice.lambda, "corner, λ = \(rounded(choice.lambda))"), (points[0].lambda, "λ = 1e-5"),
      (points[28].lambda, "0.001"), (points[85].lambda, "10"), (points[99].lambda, "100"),
    ] {
      guard let point = points.first(where: { $0.lambda == lambda }) else { continue }
      left.notes.append(.init(.init(point.residual, point.penalty), name))
    }
    var right = Chart.panel(
      "Choice of each rule", x: .init("λ", scale: .logarithmic),
      y: .init("RMSE of x̂", scale: .logarithmic),
      [.curve("RMSE", points.map(\.lambda), points.map { $0.rmse ?? .nan })])
    var facts: [String: Setting] = ["lambda": .finite(choice.lambda)]
    for (rule, lambda) in choice.verdicts.sorted(by: { $0.value < $1.value }) {
      let error = study.error(try study.solution(lambda))
      facts["lambda " + rule.rawValue] = .finite(lambda)
      facts["rmse " + rule.rawValue] = .finite(error)
      right.series.append(.curve(rule.rawValue, [lambda], [error], mark: .points))
    }
    return LabResult(
      facts: facts,
      tables: [
        (
          "",
          try table([
            ("lambda", points.map(\.lambda)), ("residual", points.map(\.residual)),
            ("norm", points.map(\.penalty)), ("rmse", points.map { $0.rmse ?? .nan }),
            ("freedom", points.map { $0.estimate.freedom ?? .nan }),
            ("heldOut", points.map { $0.heldOut ?? .nan }),
          ])
        )
      ],
      figure: Figure(
        "Choosing λ without the truth: the L-curve and other rules", columnCount: 2,
        [.chart(left), .chart(right)]))
  }
}
