import Deblurring
import DenseAlgebra
import Inversion
import Plots
import Records

/// What a deblurred signal is written as: tables and charts.
struct SignalRecord {
  private let outcome: SignalDeblurring.Outcome

  init(_ outcome: SignalDeblurring.Outcome) { self.outcome = outcome }

  /// The files besides the result and its sidecar.
  static func paths(beside result: String) -> [String] {
    return [".svg", ".lambda.csv", ".lambda.svg", ".components.csv", ".components.svg"].map {
      basePath(of: result) + $0
    }
  }

  /// Adds `NAME.svg` (the signals), `NAME.components` and, where λ was chosen, `NAME.lambda`, each of these as
  /// `.csv` and `.svg`.
  func add(to files: ResultFiles, beside result: String) throws {
    let paths = Self.paths(beside: result)
    try files.add(signalChart(), at: paths[0])
    if let choice = outcome.choice {
      try files.add(try lambdaTable(choice), at: paths[1])
      try files.add(lambdaFigure(choice), at: paths[2])
    }
    try files.add(try componentTable(), at: paths[3])
    try files.add(componentFigure(), at: paths[4])
  }

  /// The result: sample, estimate, and what is known beside it.
  func signals() throws(PlotError) -> Table {
    let (x, y) = (outcome.estimate.x, outcome.problem.measurement)
    let fit = outcome.problem.blur.matrix * x
    var table = Table(
      ["sample", "estimate", "measurement", "fit"] + (outcome.truth == nil ? [] : ["truth"]))
    for row in 0..<max(x.count, y.count) {
      func cell(_ values: [Double]) -> Table.Cell {
        row < values.count ? .number(values[row]) : .empty
      }
      try table.append(
        [.integer(row), cell(x), cell(y), cell(fit)] + (outcome.truth.map { [cell($0)] } ?? []))
    }
    return table
  }

  private func signalChart() -> Figure {
    let (x, y) = (outcome.estimate.x, outcome.problem.measurement)
    let last = Double(max(x.count, y.count) - 1)
    var title = "Signal by \(outcome.problem.method.rawValue)"
    if let lambda = outcome.lambda { title += ", λ = \(rounded(lambda))" }
    if let truth = outcome.truth {
      title += ", RMSE \(rounded(rootMeanSquareError(x, truth), digits: 4))"
    }
    let truth = outcome.truth.map { [Chart.Series.samples("truth", $0)] } ?? []
    return Figure(
      "", columnCount: 2,
      [
        .chart(
          Chart.panel(
            "Measurement", x: .init("sample", limits: 0...last), y: .init("y"),
            [
              .samples("fit Hx̂", outcome.problem.blur.matrix * x),
              .samples("y", y, mark: .points),
            ])),
        .chart(
          Chart.panel(
            title, x: .init("sample", limits: 0...last), y: .init("x"),
            truth + [.samples("estimate", x)])),
      ])
  }

  private func lambdaTable(_ choice: SignalChooser.Choice) throws(PlotError) -> Table {
    var table = Table(
      ["lambda", "residual", "penalty", "gcv", "heldOut", "leak", "rmse", "iterations"])
    for (point, trial) in zip(choice.sweep.points, choice.sweep.trials) {
      let optional = [trial.gcv, point.heldOut, point.leak, point.rmse]
      try table.append(
        [.number(point.lambda), .number(trial.residual), .number(point.penalty)]
          + optional.map { value in value.map { .number($0) } ?? .empty }
          + [.integer(point.estimate.iterations)])
    }
    return table
  }

  private func lambdaFigure(_ choice: SignalChooser.Choice) -> Figure {
    let (points, trials) = (choice.sweep.points, choice.sweep.trials)
    func line(_ name: String, _ values: [Double?]) -> Chart.Series? {
      let known = zip(points, values).compactMap { point, value in
        value.flatMap { $0 > 0 ? Chart.Point(point.lambda, $0) : nil }
      }
      return known.isEmpty ? nil : Chart.Series(name, known)
    }
    var path = Chart.panel(
      "Choice of λ", x: .init("λ", scale: .logarithmic),
      y: .init("root mean square", scale: .logarithmic),
      [
        line("residual", trials.map(\.residual)),
        line("root of gcv", trials.map { $0.gcv?.squareRoot() }),
        line("held-out samples", points.map(\.heldOut)), line("error", points.map(\.rmse)),
      ].compactMap(\.self))
    path.markers = [
      .init(.vertical, at: choice.lambda, "\(choice.rule.rawValue): \(rounded(choice.lambda))")
    ]
    if let noise = outcome.problem.noise { path.markers.append(.init(.horizontal, at: noise, "ε")) }
    let bends = zip(points, trials).filter { $0.penalty > 0 && $1.residual > 0 }
    guard !bends.isEmpty else { return Figure("", columnCount: 1, [.chart(path)]) }
    var curve = Chart.panel(
      "L-curve", x: .init("residual, root mean square", scale: .logarithmic),
      y: .init("R(x̂)", scale: .logarithmic),
      [Chart.Series("λ", bends.map { Chart.Point($1.residual, $0.penalty) }, mark: .both)])
    if let corner = choice.verdicts[.lCurve],
      let place = bends.first(where: { $0.0.lambda == corner })
    {
      let spot = Chart.Point(place.1.residual, place.0.penalty)
      curve.notes = [.init(spot, "corner, λ = \(rounded(corner))")]
    }
    return Figure("", columnCount: 2, [.chart(path), .chart(curve)])
  }

  /// `φᵢ`, where the method filters singular values.
  private var factors: [Double]? {
    let (values, lambda) = (outcome.diagnosis.singularValues, outcome.lambda ?? 0)
    guard !outcome.problem.isNonNegative else { return nil }
    return switch outcome.problem.method {
    case .naive: values.map { $0 > 0 ? 1 : 0 }
    case .tsvd: values.map { $0 * $0 >= lambda ? 1 : 0 }
    case .tikhonov: values.map { $0 * $0 / ($0 * $0 + lambda) }
    default: nil
    }
  }

  private func componentTable() throws(PlotError) -> Table {
    let diagnosis = outcome.diagnosis
    let found = diagnosis.components(of: outcome.estimate.x)
    var table = Table(["component", "sigma", "coefficient", "found", "factor"])
    for (i, value) in diagnosis.singularValues.enumerated() {
      try table.append([
        .integer(i + 1), .number(value), .number(diagnosis.coefficients[i]), .number(found[i]),
        factors.map { .number($0[i]) } ?? .empty,
      ])
    }
    return table
  }

  private func componentFigure() -> Figure {
    let diagnosis = outcome.diagnosis
    let order = diagnosis.singularValues.indices.map { Double($0 + 1) }
    // What a logarithmic axis has no place for is left out.
    func line(_ name: String, _ values: [Double], _ mark: Chart.Series.Mark) -> Chart.Series {
      Chart.Series(
        name,
        zip(order, values).compactMap { $1 > 1e-18 ? Chart.Point($0, $1) : nil }, mark: mark)
    }
    var picard = Chart.panel(
      "Picard's plot, κ = \(rounded(diagnosis.conditionNumber)) (\(diagnosis.conditioning.rawValue))",
      x: .init("component i"), y: .init("value", scale: .logarithmic),
      [
        line("σᵢ", diagnosis.singularValues, .line),
        line("|uᵢᵀy|", diagnosis.coefficients, .points),
      ])
    if let noise = diagnosis.noise { picard.markers = [.init(.horizontal, at: noise, "noise ε")] }
    guard let factors else { return Figure("", columnCount: 1, [.chart(picard)]) }
    let filter = Chart.panel(
      "Filter factors of \(outcome.problem.method.rawValue)", x: .init("component i"),
      y: .init("φᵢ", limits: 0...1.05), [.curve("φ", order, factors)])
    return Figure("", columnCount: 2, [.chart(picard), .chart(filter)])
  }
}
