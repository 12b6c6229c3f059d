import Fields
import Inversion
import Reconstruction

/// The trials of a search for λ, each kept once it is finished.
///
/// A search that goes on takes finished trials from the point, and starts the next one from the fields
/// that the last of them left. An unfinished trial starts again.
struct KeptTrials {
  private var trials: StrengthTrials
  private let keeper: (any RunKeeper)?
  private let kept: ChoiceRecord
  private var finished: [LambdaTrial] = []

  /// - Throws: `ReconstructionError.pointOfAnotherRun`, or what the keeper throws.
  init(_ trials: StrengthTrials, _ keeper: (any RunKeeper)?) throws {
    (self.trials, self.keeper) = (trials, keeper)
    guard let keeper, let point = keeper.point else {
      kept = ChoiceRecord()
      try keep()
      return
    }
    kept = try ChoiceRecord(point.numbers)
    guard kept.isComplete == (point.refinements > 0) else {
      throw ReconstructionError.pointOfAnotherRun
    }
    if !kept.isComplete && !kept.trials.isEmpty { try restore(from: keeper) }
  }

  mutating func attempt(_ lambda: Double, _ monitor: Monitor) throws -> LambdaTrial {
    if finished.count < kept.trials.count {
      let trial = kept.trials[finished.count]
      guard trial.lambda == lambda else { throw ReconstructionError.pointOfAnotherRun }
      finished.append(trial)
      return trial
    }
    guard !kept.isComplete else { throw ReconstructionError.pointOfAnotherRun }
    let trial = try trials.attempt(lambda, monitor)
    finished.append(trial)
    try keep()
    return trial
  }

  func tiltErrors() -> [StrengthChoice.TiltError] {
    kept.isComplete ? kept.tiltErrors : trials.tiltErrors()
  }

  /// The search once it is over.
  func record(_ errors: [StrengthChoice.TiltError]) -> ChoiceRecord {
    ChoiceRecord(trials: finished, tiltErrors: errors)
  }

  private func keep() throws {
    let fields = finished.isEmpty ? [] : trials.fields
    let numbers = ChoiceRecord(trials: finished).numbers
    try keeper?.keep(
      RunPoint(refinements: 0, sums: [], numbers: numbers),
      floatCount: fields.reduce(0) { $0 + $1.count }
    ) { put in
      for field in fields { try put(field.span) }
    }
  }

  private mutating func restore(from keeper: any RunKeeper) throws {
    var (fields, start) = (trials.fields, 0)
    for i in fields.indices {
      var values = fields[i].mutableSpan
      try keeper.read(into: &values, from: start)
      start += values.count
    }
    trials.fields = fields
  }
}

/// What is known of a search for λ, as numbers.
///
/// Two lists: eight numbers for each finished trial, and three for each tilt once the search is over.
/// NaN stands for what is not known.
struct ChoiceRecord {
  var trials: [LambdaTrial] = []
  var tiltErrors: [StrengthChoice.TiltError] = []

  static let listCount = 2
  /// Whether λ is found.
  var isComplete: Bool { !tiltErrors.isEmpty }

  var numbers: [[Double]] {
    [
      trials.flatMap { trial in
        [
          trial.lambda, trial.mu, trial.residual, trial.penalty, trial.heldOut ?? .nan,
          trial.degreesOfFreedom ?? .nan, Double(trial.iterations), trial.heldOutNoise ?? .nan,
        ]
      },
      tiltErrors.flatMap { [$0.tilt, $0.error, $0.isHeldOut ? 1 : 0] },
    ]
  }
}

extension ChoiceRecord {
  /// - Throws: `ReconstructionError.pointOfAnotherRun` for lists that are no such record.
  init(_ numbers: [[Double]]) throws(ReconstructionError) {
    guard numbers.count >= Self.listCount, numbers[0].count.isMultiple(of: 8),
      numbers[1].count.isMultiple(of: 3)
    else { throw .pointOfAnotherRun }
    for start in stride(from: 0, to: numbers[0].count, by: 8) {
      let values = numbers[0][start..<start + 8].map(\.self)
      guard let iterations = Int(exactly: values[6]) else { throw .pointOfAnotherRun }
      trials.append(
        LambdaTrial(
          lambda: values[0], mu: values[1], residual: values[2], penalty: values[3],
          heldOut: values[4].isNaN ? nil : values[4],
          heldOutNoise: values[7].isNaN ? nil : values[7],
          degreesOfFreedom: values[5].isNaN ? nil : values[5],
          iterations: iterations))
    }
    for start in stride(from: 0, to: numbers[1].count, by: 3) {
      let values = numbers[1][start..<start + 3].map(\.self)
      tiltErrors.append(
        StrengthChoice.TiltError(tilt: values[0], error: values[1], isHeldOut: values[2] != 0))
    }
  }
}
