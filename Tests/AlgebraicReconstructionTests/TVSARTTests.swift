import AlgebraicReconstruction
import Fields
import Projection
import Reconstruction
import TestSupport
import Testing

@Suite("TVSART and ASDPOCS")
struct TVSARTTests {
  static func sart(_ sweeps: Int, _ relaxation: Relaxation) throws -> SART {
    try SART(
      sweeps: sweeps, relaxation: relaxation, order: .sequential,
      constraint: VoxelConstraint(isNonNegative: true))
  }

  enum Variant: Int, CaseIterable {
    case acrossSlices, sliceBySlice, adaptive

    /// - Parameter lambda: of steps that are that part of the volume's length.
    func method(lambda: Double? = nil) throws -> any ReconstructionMethod {
      switch self {
      case .acrossSlices, .sliceBySlice:
        try TVSART(
          sart(3, .constant(0.8)),
          descent: TVDescent(
            steps: 4, factor: 0.1, smoothing: 0.1, axes: self == .acrossSlices ? .volume : .slice),
          strength: lambda.map(TVStrength.lambda) ?? .sweep)
      case .adaptive:
        try ASDPOCS(
          sart(6, .decaying(1, factor: 0.995)),
          descent: TVDescent(steps: 5, factor: 0.2, smoothing: 0.1), noise: 2, lambda: lambda)
      }
    }
  }

  func series(_ sliceCount: Int) throws -> TiltSeries {
    try GoldenSlice.series(sliceCount) { Float(1 + 5 * $0 % 7) }
  }

  @Test(
    "they agree with dense float64 code on 7 and 33 slices",
    arguments: [7, 33].flatMap { [($0, nil), ($0, 0.02)] }, Variant.allCases)
  func golden(run: (sliceCount: Int, lambda: Double?), variant: Variant) throws {
    let (sliceCount, lambda) = run
    let (volume, report) = try variant.method(lambda: lambda).reconstruct(
      series(sliceCount), GoldenSlice.geometry(sliceCount), from: nil, workers: Workers(2),
      monitor: .silent)
    let golden = try goldenFloats(
      "\(lambda == nil ? "tv" : "tvLambda")\(sliceCount).f32", in: .module)
    var expected = Volume(zeros: volume.shape)
    for y in 0..<sliceCount {
      for i in 0..<238 {
        expected[i % 17, y, i / 17] = golden[(variant.rawValue * sliceCount + y) * 238 + i]
      }
    }
    #expect(relativeError(of: volume.voxels.span, against: expected.voxels.span) < 5e-5)
    #expect(report.stopReason == .iterationLimit && report.lambda == lambda)
  }

  @Test("workers do not change a bit", arguments: [1, 7, 33, 70], Variant.allCases)
  func workers(sliceCount: Int, variant: Variant) throws {
    let results = try [1, 2, 5].map { count in
      try variant.method().reconstruct(
        GoldenSlice.noisySeries(sliceCount), GoldenSlice.geometry(sliceCount), from: nil,
        workers: Workers(count), monitor: .silent)
    }
    for result in results.dropFirst() {
      #expect(areIdentical(result.0.voxels, results[0].0.voxels))
      #expect(result.1.history == results[0].1.history)
    }
  }

  @Test("descent lowers the total variation that SART alone leaves")
  func smoother() throws {
    let geometry = try GoldenSlice.geometry(33)
    let series = try GoldenSlice.noisySeries(33)
    let plain = try Self.sart(5, .constant(0.5))
    func variation(_ volume: Volume) -> Double {
      var variation = TotalVariation(geometry.volume.slabs, axes: .volume, workers: .all)
      return variation.formGradient(
        at: volume.voxels, smoothing: [Double](repeating: 1e-6, count: 33)
      ).value.reduce(0, +)
    }
    let rough = try plain.reconstruct(series, geometry, from: nil, workers: .all).0
    let smooth = try TVSART(plain).reconstruct(series, geometry, from: nil, workers: .all).0
    #expect(variation(smooth) < 0.8 * variation(rough))
  }

  @Test("ASD-POCS ends where data and smoothness balance within the noise")
  func balanced() throws {
    let method = try ASDPOCS(Self.sart(400, .decaying(1, factor: 0.97)), noise: 3)
    let (_, report) = try method.reconstruct(
      GoldenSlice.noisySeries(7), GoldenSlice.geometry(7), from: nil, workers: .all)
    #expect(report.stopReason == .settled && report.iterations < 400)
    #expect(try #require(report.history.last?.residual) <= 3)
  }

  @Test("a cancelled run is interrupted, and a start of another shape refused")
  func interrupted() throws {
    let (series, geometry) = (try series(7), try GoldenSlice.geometry(7))
    let wrong = VolumeShape(width: 17, depth: 13, sliceCount: 7)
    for variant in Variant.allCases {
      #expect(throws: ReconstructionError.interrupted) {
        try variant.method().reconstruct(
          series, geometry, from: nil, workers: .all, monitor: Monitor(isCancelled: { true }))
      }
      #expect(throws: ReconstructionError.startShape(wrong, expected: geometry.volume)) {
        try variant.method().reconstruct(
          series, geometry, from: Volume(zeros: wrong), workers: .all, monitor: .silent)
      }
    }
  }

  @Test("settings that cannot work are refused")
  func refused() throws {
    #expect(throws: AlgebraicError.steps(0)) { try TVDescent(steps: 0) }
    #expect(throws: AlgebraicError.factor(name: "step factor", -1)) { try TVDescent(factor: -1) }
    #expect(throws: AlgebraicError.factor(name: "smoothing", 0)) { try TVDescent(smoothing: 0) }
    let stopping = try SART(stopRule: StopRule(noise: 1))
    #expect(throws: AlgebraicError.stopRule) { try TVSART(stopping) }
    #expect(throws: AlgebraicError.stopRule) { try ASDPOCS(stopping, noise: 1) }
    #expect(throws: AlgebraicError.noise(-1)) { try ASDPOCS(SART(), noise: -1) }
  }
}
