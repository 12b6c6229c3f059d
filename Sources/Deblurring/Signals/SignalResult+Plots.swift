import DenseAlgebra
import Inversion
package import Plots

/// What a deblurred signal is written as: tables and charts.
extension SignalResult {
  /// Of all files besides the result and its sidecar.
  package static let plotEndings = [
    ".svg", ".lambda.csv", ".lambda.svg", ".components.csv", ".components.svg",
  ]

  /// `.svg` (the signals), `.components` and, where λ was chosen, `.lambda`, each of these as `.csv` and `.svg`.
  package func plots() throws(PlotError) -> [(ending: String, plot: any Writable)] {
    let lambda: [any Writable]? = try choice.map { choice throws(PlotError) in
      [
        try LambdaChart(choice.trials, noise: nil).table(choice.columns), lambdaFigure(choice),
      ]
    }
    let plots: [(any Writable)?] = [
      signalChart(), lambda?[0], lambda?[1], try componentTable(), componentFigure(),
    ]
    return zip(Self.plotEndings, plots).compactMap { ending, plot in plot.map { (ending, $0) } }
  }

  /// The result: sample, estimate, and what is known beside it.
  package func signals() throws(PlotError) -> Table {
    let (x, y) = (estimate.x, problem.measurement)
    let fit = problem.blur.matrix * x
    var table = Table(
      ["sample", "estimate", "measurement", "fit"] + (truth == nil ? [] : ["truth"]))
    for row in 0..<max(x.count, y.count) {
      func cell(_ values: [Double]) -> Table.Cell {
        row < values.count ? .number(values[row]) : .empty
      }
      try table.append(
        [.integer(row), cell(x), cell(y), cell(fit)] + (truth.map { [cell($0)] } ?? []))
    }
    return table
  }

  private func signalChart() -> Figure {
    let (x, y) = (estimate.x, problem.measurement)
    let last = Double(max(x.count, y.count) - 1)
    var title = "Signal by \(problem.method.rawValue)"
    if let lambda { title += ", λ = \(rounded(lambda))" }
    if let truth {
      title += ", RMSE \(rounded(rootMeanSquareError(x, truth), digits: 4))"
    }
    let known = truth.map { [Chart.Series.samples("truth", $0)] } ?? []
    return Figure(
      "", columnCount: 2,
      [
        .chart(
          Chart.panel(
            "Measurement", x: .init("sample", limits: 0...last), y: .init("y"),
            [
              .samples("fit Hx̂", problem.blur.matrix * x),
              .samples("y", y, mark: .points),
            ])),
        .chart(
          Chart.panel(
            title, x: .init("sample", limits: 0...last), y: .init("x"),
            known + [.samples("estimate", x)])),
      ])
  }

  private func lambdaFigure(_ choice: SignalChooser.Choice) -> Figure {
    var path = Chart.panel(
      "Choice of λ", x: .init("λ", scale: .logarithmic),
      y: .init("root mean square", scale: .logarithmic),
      LambdaChart(choice.trials, noise: nil).series(
        [
          ("residual", \.residual), ("root of gcv", { $0.gcv?.squareRoot() }),
          ("held-out samples", \.heldOut), ("error", \.error),
        ], isLogarithmic: true, mark: .line))
    path.markers = [
      .init(.vertical, at: choice.lambda, "\(choice.rule.rawValue): \(rounded(choice.lambda))")
    ]
    if let noise = problem.noise { path.markers.append(.init(.horizontal, at: noise, "ε")) }
    let bends = choice.trials.filter { $0.penalty > 0 && $0.residual > 0 }
    guard !bends.isEmpty else { return Figure("", columnCount: 1, [.chart(path)]) }
    var curve = Chart.panel(
      "L-curve", x: .init("residual, root mean square", scale: .logarithmic),
      y: .init("R(x̂)", scale: .logarithmic),
      [Chart.Series("λ", bends.map { Chart.Point($0.residual, $0.penalty) }, mark: .both)])
    if let corner = choice.verdicts[.lCurve],
      let place = bends.first(where: { $0.lambda == corner })
    {
      let spot = Chart.Point(place.residual, place.penalty)
      curve.notes = [.init(spot, "corner, λ = \(rounded(corner))")]
    }
    return Figure("", columnCount: 2, [.chart(path), .chart(curve)])
  }

  /// `φᵢ`, where the method filters singular values.
  private var factors: [Double]? {
    let (values, lambda) = (diagnosis.singularValues, self.lambda ?? 0)
    guard !problem.isNonNegative else { return nil }
    return switch problem.method {
    case .naive: values.map { $0 > 0 ? 1 : 0 }
    case .tsvd: values.map { $0 * $0 >= lambda ? 1 : 0 }
    case .tikhonov: values.map { $0 * $0 / ($0 * $0 + lambda) }
    default: nil
    }
  }

  private func componentTable() throws(PlotError) -> Table {
    let found = diagnosis.components(of: estimate.x)
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
      "Filter factors of \(problem.method.rawValue)", x: .init("component i"),
      y: .init("φᵢ", limits: 0...1.05), [.curve("φ", order, factors)])
    return Figure("", columnCount: 2, [.chart(picard), .chart(filter)])
  }
}
