import SeriesIO
import Deblurring
import DenseAlgebra
import Reconstruction
import Records

extension SignalDeblurring {
  func sidecar(
    _ result: SignalResult, _ facts: [String: String], _ output: RecordedFile,
    _ inputs: [RecordedFile],
    _ seconds: Sidecar.Seconds
  ) -> Sidecar {
    var sidecar = Sidecar(
      command: command, output: output, method: method.rawValue, seconds: seconds)
    sidecar.inputs = inputs
    sidecar.settings = settings(result, facts)
    sidecar.iterations = result.estimate.iterations
    sidecar.lambda = result.lambda
    sidecar.lambdaChoice = result.choice
    sidecar.noise = result.problem.noise.map { ["sigma": .number($0), "source": .text("given")] }
    sidecar.stopReason =
      switch (result.estimate.iterations, result.estimate.isSettled) {
      case (0, _): .direct
      case (_, true) where method != .richardsonLucy: .settled
      default: .iterationLimit
      }
    sidecar.warnings = result.warnings
    return sidecar
  }

  private func settings(_ result: SignalResult, _ facts: [String: String]) -> [String: Setting] {
    let (problem, diagnosis) = (result.problem, result.diagnosis)
    var facts = facts.mapValues { Setting.text($0) }
    facts["belief"] = .text(method.belief)
    facts["conditionNumber"] = .finite(diagnosis.conditionNumber)
    facts["conditioning"] = .text(diagnosis.conditioning.rawValue)
    facts["existence"] = .text(diagnosis.hadamard.existence)
    facts["uniqueness"] = .text(diagnosis.hadamard.uniqueness)
    facts["stability"] = .text(diagnosis.hadamard.stability)
    let seen = problem.blur.matrix * result.estimate.x
    facts["residual"] = .number(rootMeanSquareError(seen, problem.measurement))
    facts["nonNegative"] = .flag(problem.isNonNegative || method == .richardsonLucy)
    if let noise = problem.noise {
      let norm = noise * Double(problem.measurement.count).squareRoot()
      facts["errorBoundNaive"] = .finite(diagnosis.errorBound(noiseNorm: norm))
    }
    if let truth = result.truth {
      facts["rmse"] = .number(rootMeanSquareError(result.estimate.x, truth))
      // The parts of the truth's power that no method, and no method at this noise, gets back.
      let whole = dot(truth, truth)
      let level = (whole / Double(truth.count)).squareRoot()
      func share(_ lost: [Double]) -> Setting? {
        whole > 0 ? .number(dot(lost, lost) / whole) : nil
      }
      facts["powerInNullSpace"] = share(diagnosis.lost(truth))
      facts["powerBelowNoise"] = diagnosis.noiseFloor(forSignal: level).flatMap {
        share(diagnosis.lost(truth, below: $0))
      }
    }
    return facts
  }
}
