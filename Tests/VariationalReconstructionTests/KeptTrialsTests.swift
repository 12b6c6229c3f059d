import VariationalReconstruction
import Fields
import Foundation
import Inversion
import Phantoms
import Projection
import Reconstruction
import Synchronization
import TestSupport
import Testing

@Suite("KeptTrials")
struct KeptTrialsTests {
  @Test(
    "a run that is interrupted after any trial or iteration goes on to the same bits and λ path",
    arguments: LambdaChooser.rules)
  func anywhere(rule: ChoiceRule) throws {
    let whole = try run(rule, Drawer())
    let trials = try #require(whole.choice).choice.trials.count
    #expect(trials >= 2)
    var points = 0
    for kept in 1... {
      let drawer = Drawer()
      drawer.allowance.withLock { $0 = kept }
      guard (try? run(rule, drawer)) == nil else { break }
      points = kept
      drawer.reopen()
      let resumed = try run(rule, drawer, workers: 1)
      #expect(areIdentical(resumed.volume, whole.volume))
      #expect(resumed.choice == whole.choice)
      #expect(resumed.report.history == whole.report.history)
      #expect(resumed.report.settings == whole.report.settings)
    }
    // One at the start, one after each trial and the last solution, and one after each iteration but
    // the two last, after which nothing is left to interrupt.
    #expect(points == 1 + trials + 1 + 2)
  }

  @Test("a search goes on with the trials that are kept, and makes none of them again")
  func replayed() throws {
    let drawer = Drawer()
    let trials = try #require(try run(.halving, drawer).choice).choice.trials
    drawer.reopen(numbers: { numbers in
      var changed = numbers
      changed[0][4] = 77  // the error of predicting, of which this rule knows nothing
      return changed
    })
    let resumed = try #require(try run(.halving, drawer).choice).choice.trials
    #expect(resumed[0].heldOut == 77)
    #expect(Array(resumed.dropFirst()) == Array(trials.dropFirst()))
  }

  @Test(
    "numbers that no such search can have left are refused",
    arguments: [
      { _ in [] }, { $0.map { Array($0.dropLast()) } }, { [$0[0].map { $0 * 2 }] + $0.dropFirst() },
      { [$0[0].map { _ in .infinity }] + $0.dropFirst() }, { Array($0.prefix(2)) },
    ] as [@Sendable ([[Double]]) -> [[Double]]])
  func foreign(change: @Sendable ([[Double]]) -> [[Double]]) throws {
    let drawer = Drawer()
    _ = try run(.halving, drawer)
    drawer.reopen(numbers: change)
    #expect(throws: ReconstructionError.pointOfAnotherRun) { try run(.halving, drawer) }
  }

  private struct Result {
    let volume: FloatStorage
    let report: ReconstructionReport
    var choice: StrengthChoice? { report.lambdaChoice as? StrengthChoice }
  }

  /// 16 × 3 × 16 voxels, 12 tilts with noise of standard deviation 0.3, four iterations.
  private func run(_ rule: ChoiceRule, _ drawer: Drawer, workers: Int = 2) throws -> Result {
    let text = """
      {"name": "test", "description": "", "unit": "halfWidth", "size": [16, 3, 16],
       "objects": [{"shape": "ellipsoid", "semiAxes": [0.6, 0.5, 0.5], "density": 1}]}
      """
    let phantom = try Phantom(try PhantomRecipe(Data(text.utf8), from: "test.json"))
    let degrees: [Double] = Array(stride(from: -66, through: 66, by: 12))
    var series = phantom.project(degrees: degrees)
    _ = try NoiseModel.gaussian(sigma: 0.3).apply(to: &series, seed: 4)
    var method = CompressedSensing()
    method.strength = .chosen(rule, noise: 0.3)
    (method.iterationLimit, method.tolerance) = (4, 0)
    if rule == .gcv { (method.prior, method.isNonNegative) = (Prior(.gradient), false) }
    let allowance = drawer.allowance
    let (volume, report) = try method.reconstruct(
      series,
      try TiltGeometry(volume: phantom.volume, series: series.shape, degrees: degrees),
      from: nil, workers: Workers(workers),
      monitor: Monitor(isCancelled: { allowance.isSpent }), keeper: drawer)
    return Result(volume: volume.voxels, report: report)
  }
}

/// How many points may still be kept before the run is to end.
private final class Allowance: Sendable {
  private let left = Mutex(Int.max)

  func withLock(_ body: (inout Int) -> Void) { left.withLock { body(&$0) } }
  var isSpent: Bool { left.withLock { $0 <= 0 } }
}

/// Keeps a run in memory, after every iteration.
private final class Drawer: RunKeeper {
  let interval = 1
  let allowance = Allowance()
  private(set) var point: RunPoint?
  private var kept: RunPoint?
  private var floats: [Float] = []

  /// Lets the next run go on from the last point, without an end.
  func reopen(numbers change: ([[Double]]) -> [[Double]] = { $0 }) {
    point = kept.map {
      RunPoint(refinements: $0.refinements, sums: $0.sums, numbers: change($0.numbers))
    }
    allowance.withLock { $0 = .max }
  }

  func read(into field: inout MutableSpan<Float>, from start: Int) {
    for i in field.indices { field[i] = floats[start + i] }
  }

  func keep(
    _ point: RunPoint, floatCount: Int,
    floats: (_ put: (Span<Float>) throws -> Void) throws -> Void
  ) throws {
    var all: [Float] = []
    try floats { values in
      for i in values.indices { all.append(values[i]) }
    }
    #expect(all.count == floatCount)
    // What is read from a point must not change while the next one is kept.
    if self.point == nil { (kept, self.floats) = (point, all) }
    allowance.withLock { $0 -= 1 }
  }
}
