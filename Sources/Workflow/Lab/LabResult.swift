import Deblurring
import Plots
import Reconstruction

/// What an experiment came to, before it is written.
struct LabResult {
  var facts: [String: Setting]
  /// Each with what is added to its name.
  var tables: [(part: String, table: Table)]
  var figure: Figure

  /// A number for JSON, which has no infinity.
  static func fact(_ value: Double) -> Setting {
    value.isFinite ? .number(value) : .text("\(value)")
  }

  /// A table of numbers, column by column.
  static func table(_ columns: [(name: String, values: [Double])]) throws(PlotError) -> Table {
    var table = Table(columns.map(\.name))
    for row in columns[0].values.indices {
      try table.append(columns.map { .number($0.values[row]) })
    }
    return table
  }

  /// Values over 0, 1, 2, …
  static func samples(
    _ name: String, _ values: [Double], mark: Chart.Series.Mark = .line
  ) -> Chart.Series {
    .init(name, values.enumerated().map { Chart.Point(Double($0), $1) }, mark: mark)
  }

  /// One list of values over another.
  static func curve(
    _ name: String, _ x: [Double], _ y: [Double], mark: Chart.Series.Mark = .line
  ) -> Chart.Series {
    .init(name, zip(x, y).map { Chart.Point($0, $1) }, mark: mark)
  }

  /// A chart of the size that several fit beside each other.
  static func chart(
    _ title: String, x: Chart.Axis, y: Chart.Axis, _ series: [Chart.Series]
  ) -> Chart {
    var chart = Chart(title, x: x, y: y, series: series)
    (chart.width, chart.height) = (560, 360)
    return chart
  }
}

/// The first experiment of the lecture, solved.
struct PeakStudy {
  let lecture = Lecture.peaks
  let sweep: SignalSweep
  /// Where Tikhonov errs least.
  let best: SignalSweep.Point
  let naive: [Double]

  init() throws {
    let problem = try SignalProblem(lecture.blur, lecture.measurement, .tikhonov)
    sweep = try SignalSweep(problem, Lecture.grid, truth: lecture.truth)
    let errors = sweep.points.map { $0.rmse ?? .infinity }
    best = sweep.points[errors.indices.min { errors[$0] < errors[$1] } ?? 0]
    let inverse = try SignalProblem(lecture.blur, lecture.measurement, .naive)
    var solver = try SignalSolver(inverse)
    naive = try solver.estimate(lambda: 1).x
  }

  /// Tikhonov's solution.
  func solution(_ lambda: Double) throws -> [Double] {
    var solver = try SignalSolver(sweep.problem)
    return try solver.estimate(lambda: lambda).x
  }

  func error(_ x: [Double]) -> Double { rootMeanSquareError(x, lecture.truth) }
}
