package import SeriesIO
package import Deblurring
import DenseAlgebra
import Files
import Foundation
package import Imaging
package import Inversion
import Plots
package import Reconstruction
import Records
import StackIO

/// From a blurred signal in a CSV file to the signal, with its sidecar, tables and charts.
package struct SignalDeblurring: Sendable {
  /// How λ is found.
  package enum Strength: Sendable {
    case given(Double)
    /// Where there is no rule: vacuum where a reference is given, discrepancy where the noise is known,
    /// else the L-curve, or cross-validation where that has no corner.
    case chosen(ChoiceRule?)
  }

  package let path: String
  package let blurredBy: SignalOperator
  package let method: SignalMethod
  package let out: String
  package var strength = Strength.chosen(nil)
  package var settings = SignalProblem.Settings()
  package var truth: String?
  /// The column of the measurement, where there are several.
  package var column: String?
  package var ends = Ends.reflecting
  package var scale: Blur.Scale?
  /// From sample to sample, nm.
  package var step: Double?
  package var folds = 5
  package var reference: Range<Int>?
  package var grid: LambdaGrid?
  /// Bytes.
  package var memoryLimit = MemoryPlan.standardLimit
  package var command: [String] = []
  /// Whether files that voxtilt did not write may be replaced.
  package var overwrites = false

  package init(_ path: String, _ blur: SignalOperator, _ method: SignalMethod, to out: String) {
    (self.path, blurredBy, self.method, self.out) = (path, blur, method, out)
  }

  /// - Throws: ``WorkflowError``, `DenseError`, `DeblurringError`, `PlotError` or `StackError`.
  package func run(_ follower: Follower) throws -> Sidecar {
    let files = try files()
    let inputs = try inputPaths.map { try Fingerprint(path: $0) }
    try checkMemory()
    let clock = ContinuousClock()
    let began = clock.now
    let measured = try SignalFile.read(path, column: column, usual: ["y", "measurement"])
    let known = try truth.map {
      try SignalFile.read($0, column: nil, usual: ["truth", "x_true", "x"])
    }
    let (blur, facts) = try blurredBy.blur(
      .init(count: measured.count, ends: ends, scale: scale, step: step))
    let problem = try SignalProblem(blur, measured, method, settings)
    try problem.checkContent()
    let computing = clock.now
    let result = try solve(problem, known)
    let writing = clock.now
    follower.begin(files)
    try files.add(result.plots(), beside: basePath(of: out))
    let table = try OutputFile(path: out, Array(try result.signals().contents()))
    var sidecar = sidecar(
      result, facts, RecordedFile(path: out, sha256: try files.add(table), voxelSize: step),
      RecordedFile.each(inputs),
      Sidecar.Seconds(began, computing, writing, writing))
    sidecar.seconds.write = (clock.now - writing) / .seconds(1)
    return try files.finish(sidecar)
  }

  private var inputPaths: [String] { [path] + [blurredBy.path, truth].compactMap(\.self) }

  /// Refuses what would fail after the work is done, or destroy what it is made from.
  private func files() throws -> ResultFiles {
    guard (out as NSString).pathExtension.lowercased() == "csv" else {
      throw WorkflowError.notCSV(path: out)
    }
    let files = try ResultFiles(out, inputs: inputPaths, overwrites: overwrites)
    for ending in SignalResult.plotEndings { try files.claim(basePath(of: out) + ending) }
    return files
  }

  private func solve(_ problem: SignalProblem, _ known: [Double]?) throws -> SignalResult {
    let unknowns = problem.blur.matrix.columnCount
    if let known, known.count != unknowns {
      throw DeblurringError.truthLength(truth: known.count, unknowns: unknowns)
    }
    if method.hasLambda, case .chosen(let rule) = strength {
      var chooser = SignalChooser(rule ?? .lCurve)
      (chooser.truth, chooser.folds, chooser.reference) = (known, folds, reference)
      chooser.grid = grid
      let choice = try rule == nil ? chooser.chooseAutomatically(problem) : chooser.choose(problem)
      return try SignalResult(
        problem, choice.estimate, lambda: choice.lambda, choice, truth: known)
    }
    var solver = try SignalSolver(problem)
    guard case .given(let lambda) = strength, method.hasLambda else {
      return try SignalResult(problem, try solver.estimate(lambda: 1), lambda: nil, truth: known)
    }
    return try SignalResult(
      problem, try solver.estimate(lambda: lambda), lambda: lambda, truth: known)
  }
}
