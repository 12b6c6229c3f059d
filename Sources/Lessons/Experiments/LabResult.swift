import Deblurring
import Plots
import Reconstruction

/// What an experiment came to, before it is written.
struct LabResult {
  var facts: [String: Setting]
  /// Each with what is added to its name.
  var tables: [(part: String, table: Table)]
  var figure: Figure

  /// A table of numbers, column by column.
  static func table(_ columns: [(name: String, values: [Double])]) throws(PlotError) -> Table {
    var table = Table(columns.map(\.name))
    for row in columns[0].values.indices {
      try table.append(columns.map { .number($0.values[row]) })
    }
    return table
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
