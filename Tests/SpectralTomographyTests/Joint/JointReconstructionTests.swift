import VariationalReconstruction
import Fields
import Projection
import Reconstruction
import SpectralTomography
import TestSupport
import Testing

@Suite struct JointReconstructionTests {
  private func distance(_ a: Volume, _ b: Volume) -> Double {
    relativeError(of: a.voxels.span, against: b.voxels.span)
  }

  @Test("One channel by itself is what compressed sensing finds at the same μ")
  func agreesWithCompressedSensing() throws {
    let bench = try Bench(counts: 5)
    var joint = JointReconstruction()
    (joint.coupling, joint.lambda, joint.workers) = (.separate, 0.5, Workers(2))
    (joint.iterationLimit, joint.tolerance) = (1500, 1e-6)
    let one = try joint.reconstruct(
      [bench.counts[0]], bench.geometry, noise: .counts(background: [bench.background]))
    var single = CompressedSensing()
    single.strength = .mu(one.mu[0])
    single.fidelity = .poisson(background: Float(bench.background))
    (single.iterationLimit, single.tolerance) = (1500, 1e-6)
    let (volume, _) = try single.reconstruct(
      bench.counts[0], bench.geometry, from: nil, workers: Workers(2))
    #expect(distance(one.volumes[0], volume) < 0.01)
  }

  @Test("λ that predicts left-out tilts comes near the best, and shared edges help at few counts")
  func coupling() throws {
    let bench = try Bench(counts: 0.5)
    let noise = JointReconstruction.Noise.counts(
      background: bench.counts.map { _ in bench.background })
    func error(_ coupling: ChannelCoupling, _ lambda: Double?) throws -> Double {
      var method = JointReconstruction()
      (method.coupling, method.lambda, method.workers) = (coupling, lambda, Workers(2))
      let result = try method.reconstruct(bench.counts, bench.geometry, noise: noise)
      return zip(result.volumes, bench.truths).reduce(0) { $0 + distance($1.0, $1.1) }
    }
    let alone = try error(.separate, nil)
    let best = try [0.25, 0.5, 1, 2].map { (λ: Double) in try error(.separate, λ) }.min() ?? 0
    #expect(alone < 1.15 * best)
    #expect(try error(.collaborative, nil) < alone)
  }

  @Test("Negative values are refused where counts are fitted, and so is an empty channel")
  func refusals() throws {
    let bench = try Bench(counts: 1)
    var bad = bench.counts[0]
    bad[0, 0, 0] = -1
    var method = JointReconstruction()
    method.lambda = 1
    #expect(throws: (any Error).self) {
      try method.reconstruct([bad], bench.geometry, noise: .counts(background: [0]))
    }
    let empty = TiltSeries(zeros: bad.shape, tilts: bad.tilts)
    #expect(throws: SpectralError.emptyChannel("0 (from 0)")) {
      try method.reconstruct([empty], bench.geometry, noise: .counts(background: [0]))
    }
    method.lambda = -1
    #expect(throws: SpectralError.strength(-1)) {
      try method.reconstruct([bad], bench.geometry, noise: .counts(background: [0]))
    }
  }
}
