import AlgebraicReconstruction
import Fields
import Foundation
import Inversion
import Phantoms
import Projection
import Reconstruction
import TestSupport
import Testing

@Suite("DART")
struct DARTTests {
  static let given = GreyLevels.given([0, 0.6, 1.3, 2.2])

  static func schedule(
    _ axes: VariationAxes = .volume, free: Double = 0, seed: UInt64 = 1
  ) throws -> DiscreteSchedule {
    try DiscreteSchedule(
      freeFraction: free, smoothing: 0.3, innerIterations: 4, startIterations: 8, axes: axes,
      seed: seed)
  }

  enum Variant: Int, CaseIterable {
    case acrossSlices, sliceBySlice, estimated

    func method() throws -> DART {
      try DART(
        levels: self == .estimated ? .estimated(3) : given, iterations: 6,
        schedule: schedule(self == .sliceBySlice ? .slice : .volume))
    }
  }

  @Test("segmentations are those of dense float64 code", arguments: [3, 40], Variant.allCases)
  func golden(sliceCount: Int, variant: Variant) throws {
    let series = try GoldenSlice.series(sliceCount) { 0.2 * Float(1 + 5 * $0 % 7) }
    let (volume, report) = try variant.method().reconstruct(
      series, GoldenSlice.geometry(sliceCount), workers: Workers(2))
    let golden = try goldenFloats("dart\(sliceCount).f32", in: .module)
    // A voxel next to a threshold may fall to the other side.
    var others = 0
    for y in 0..<sliceCount {
      for i in 0..<238 {
        let expected = golden[(variant.rawValue * sliceCount + y) * 238 + i]
        others += abs(volume[i % 17, y, i / 17] - expected) > 1e-3 ? 1 : 0
      }
    }
    #expect(others <= sliceCount * 238 / 1000)
    let levels = try #require(report.settings["levels"].map(Self.numbers))
    if variant == .estimated {
      let expected = try goldenFloats("dartLevels.f32", in: .module)
      for (found, level) in zip(levels, expected.dropFirst(sliceCount == 3 ? 0 : 3)) {
        #expect(abs(found - Double(level)) < 1e-3)
      }
    } else {
      #expect(levels == [0, 0.6, 1.3, 2.2])
    }
  }

  static func numbers(_ setting: Setting) -> [Double] {
    guard case .list(let values) = setting else { return [] }
    return values.compactMap {
      switch $0 {
      case .number(let value): value
      case .count(let value): Double(value)
      default: nil
      }
    }
  }

  @Test(
    "workers do not change a bit, padding stays empty, and another seed does",
    arguments: [1, 7, 33, 70], VariationAxes.allCases)
  func workers(sliceCount: Int, axes: VariationAxes) throws {
    let (series, geometry) = (
      try GoldenSlice.noisySeries(sliceCount), try GoldenSlice.geometry(sliceCount)
    )
    func run(_ workers: Int, seed: UInt64) throws -> (Volume, ReconstructionReport) {
      try DART(
        levels: .given([0.2, 0.5, 1]), iterations: 3,
        schedule: Self.schedule(axes, free: 0.3, seed: seed)
      ).reconstruct(series, geometry, workers: Workers(workers))
    }
    let (first, again, other) = (try run(1, seed: 1), try run(3, seed: 1), try run(1, seed: 2))
    #expect(areIdentical(first.0.voxels, again.0.voxels))
    #expect(first.1.history == again.1.history && first.1.settings == again.1.settings)
    // A single slice of this size has few voxels to draw.
    #expect(sliceCount == 1 || !areIdentical(first.0.voxels, other.0.voxels))
    let (slabs, voxels) = (geometry.volume.slabs, first.0.voxels)
    for slab in 0..<slabs.slabCount {
      let lanes = slabs.slices(of: slab).count
      for i in slab * slabs.slabLength..<(slab + 1) * slabs.slabLength
      where i % slabs.laneCount >= lanes {
        let padding = voxels.span[i]
        #expect(padding == 0)
      }
    }
  }

  /// 32 × 8 × 32 voxels that `density` fills, 15 tilts, noise of a fiftieth of the largest value.
  static func problem(_ density: (_ x: Double, _ z: Double) -> Double) throws -> (
    truth: Volume, series: TiltSeries, geometry: TiltGeometry, sigma: Double
  ) {
    let degrees: [Double] = Array(stride(from: -70, through: 70, by: 10))
    let shape = VolumeShape(width: 32, depth: 32, sliceCount: 8)
    let geometry = try TiltGeometry(
      volume: shape,
      series: TiltSeriesShape(tiltCount: degrees.count, binCount: 32, sliceCount: 8),
      degrees: degrees)
    var truth = Volume(zeros: shape)
    for y in 0..<8 {
      for z in 0..<32 {
        for x in 0..<32 {
          truth[x, y, z] = Float(density(Double(x) - 15.5, Double(z) - 15.5))
        }
      }
    }
    var series = TiltSeries(zeros: geometry.series, tilts: degrees)
    ParallelProjector(geometry).apply(
      truth.voxels.span, into: series.projections.mutableSpan)
    let most = series.projections.span.indices.map { series.projections.span[$0] }.max() ?? 0
    _ = try NoiseModel.gaussian(sigma: Double(most) / 50).apply(to: &series, seed: 4)
    return (truth, series, geometry, Double(most) / 50)
  }

  static func twoBodies(_ x: Double, _ z: Double) -> Double {
    let inner = (x - 3) * (x - 3) + (z + 2) * (z + 2) < 16
    return inner ? 2.5 : x * x / 144 + z * z / 81 < 1 ? 1 : 0
  }

  static func ramp(_ x: Double, _ z: Double) -> Double {
    x * x / 144 + z * z / 81 < 1 ? 1 + x / 15 : 0
  }

  @Test(
    "a discrete object comes out better than its start by each of the updates, without a warning",
    arguments: ["sirt", "sart", "os-sart"])
  func discrete(updates: String) throws {
    let (truth, series, geometry, sigma) = try Self.problem(Self.twoBodies)
    let held = try VoxelConstraint(isNonNegative: true)
    let moving: DiscreteUpdates =
      switch updates {
      case "sirt": .sirt(try SIRT(isNonNegative: true))
      case "sart": .sart(try SART(constraint: held))
      default: .osSART(try OSSART(subsets: 5, constraint: held))
      }
    let isFast = updates != "sirt"
    let schedule = try DiscreteSchedule(
      innerIterations: isFast ? 3 : 10, startIterations: isFast ? 10 : 50)
    let (volume, report) = try DART(
      levels: .given([0, 1, 2.5]), updates: moving, iterations: 20, schedule: schedule, noise: sigma
    ).reconstruct(series, geometry)
    let start = try SIRT(isNonNegative: true).reconstruct(series, geometry).0
    let error = relativeError(of: volume.voxels.span, against: truth.voxels.span)
    #expect(error < 0.5 * relativeError(of: start.voxels.span, against: truth.voxels.span))
    #expect(error < 0.1)
    #expect(report.warnings == [])
  }

  @Test(
    "levels are estimated to a part of twenty, whatever the scale",
    arguments: [1, 1e-4, 300] as [Float])
  func estimated(scale: Float) throws {
    var (_, series, geometry, _) = try Self.problem(Self.twoBodies)
    var values = series.projections.mutableSpan
    for i in values.indices { values[i] *= scale }
    let (_, report) = try DART(levels: .estimated(3), iterations: 20).reconstruct(series, geometry)
    let levels = Self.numbers(try #require(report.settings["levels"]))
    for (found, level) in zip(levels, [0, 1, 2.5]) {
      #expect(abs(found / Double(scale) - level) < 0.05, "\(levels)")
    }
  }

  @Test("an object that is not discrete is said to be none", arguments: [2, 3, 5])
  func continuous(count: Int) throws {
    let (_, series, geometry, sigma) = try Self.problem(Self.ramp)
    let (_, report) = try DART(levels: .estimated(count), iterations: 20, noise: sigma)
      .reconstruct(series, geometry)
    #expect(report.warnings.contains { $0.contains("--method cs") }, "\(report.warnings)")
  }

  @Test("given levels that the projections contradict, or do not tell apart, are named")
  func contradicted() throws {
    let (_, series, geometry, sigma) = try Self.problem(Self.twoBodies)
    func warnings(_ levels: [Double]) throws -> [String] {
      try DART(levels: .given(levels), iterations: 20, noise: sigma)
        .reconstruct(series, geometry).1.warnings
    }
    #expect(try warnings([0, 1.3, 2.5]).contains { $0.contains("grey level 1.3 are 1.") })
    #expect(try warnings([0, 1, 1.02, 2.5]).contains { $0.contains("1 and 1.02 cannot be told") })
    #expect(try warnings([0, 1, 2.5, 9]).contains { $0.contains("No voxel has the grey level 9") })
  }

  @Test("a record remakes the method, with the levels that were found")
  func recorded() throws {
    let (_, series, geometry, _) = try Self.problem(Self.twoBodies)
    let (_, report) = try DART(levels: .estimated(3), iterations: 5).reconstruct(series, geometry)
    let recipe = MethodRecipe(name: "dart", parameters: report.settings)
    let again = try #require(
      try recipe.method(among: MethodRegistry(["dart": DART.self])) as? DART)
    #expect(again.levels == .given(Self.numbers(try #require(report.settings["levels"]))))
    #expect(again.iterationLimit == 5)
  }

  @Test("settings that cannot work are refused")
  func refused() throws {
    #expect(throws: AlgebraicError.levelCount(6)) { try DART(levels: .estimated(6)) }
    #expect(throws: AlgebraicError.levelCount(1)) { try DART(levels: .given([1])) }
    #expect(throws: AlgebraicError.levels([1, 0])) { try DART(levels: .given([1, 0])) }
    #expect(throws: AlgebraicError.levelOutOfBounds(-1)) { try DART(levels: .given([-1, 0])) }
    #expect(throws: AlgebraicError.noise(0)) { try DART(levels: .estimated(2), noise: 0) }
    #expect(throws: AlgebraicError.share(name: "free fraction", 2)) {
      try DiscreteSchedule(freeFraction: 2)
    }
    #expect(throws: ReconstructionError.iterations(0)) {
      try DiscreteSchedule(innerIterations: 0)
    }
    let many = try DART(levels: .estimated(2), updates: .osSART(OSSART(subsets: 99)))
    #expect(throws: AlgebraicError.subsets(99, tilts: 14)) {
      try many.reconstruct(GoldenSlice.noisySeries(1), GoldenSlice.geometry(1))
    }
  }
}
