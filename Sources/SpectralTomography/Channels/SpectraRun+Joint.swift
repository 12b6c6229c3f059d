import Fields
import Foundation
import Inversion
import Projection
import Reconstruction
import Records
import Spectroscopy

/// All channels in one problem.
extension SpectraRun {
  package mutating func reconstructJointly(_ method: JointReconstruction, _ items: [Item]) throws {
    let noise: JointReconstruction.Noise =
      items.allSatisfy(\.facts.isCounts)
      ? .counts(background: items.map(\.facts.background)) : .gaussian(items.map(\.facts.noise))
    try finishJointly(try solve(method, items, noise), items, method)
  }

  package func solve(
    _ method: JointReconstruction, _ items: [Item], _ noise: JointReconstruction.Noise
  ) throws -> JointReconstruction.Result {
    for item in items where !(item.facts.noise > 0) {
      throw SpectralError.emptyChannel(item.facts.channel.name)
    }
    return try method.reconstruct(
      items.map(\.series), geometry, noise: noise,
      monitor: follower.monitor(sliceCount: source.shape.sliceCount))
  }

  package mutating func finishJointly(
    _ result: JointReconstruction.Result, _ items: [Item], _ method: JointReconstruction
  ) throws {
    record.method = "joint \(method.coupling.rawValue)"
    record.trials = result.trials.isEmpty ? nil : TrialRecords(result.trials, [.lambda, .loss])
    for (c, item) in items.enumerated() {
      var entry = try keep(result.volumes[c], name: item.facts.channel.name)
      (entry.lambda, entry.mu) = (result.lambda, result.mu[c])
      (entry.residual, entry.iterations) = (result.residuals[c], result.iterations)
      entry.stopReason = result.settled ? .settled : .iterationLimit
      describe(item.facts, &entry)
      record.channels[c] = entry
    }
  }
}
