import AlgebraicReconstruction
import Fields
import AnalyticReconstruction
import Projection
import Reconstruction
import Synchronization
import TestSupport
import Testing

@Suite("SliceWiseRun")
struct SliceWiseRunTests {
  static let degrees = tilts(to: 60, step: 15)

  func series(_ sliceCount: Int) throws -> (TiltSeries, TiltGeometry) {
    let geometry = try TiltGeometry(
      volume: VolumeShape(width: 20, depth: 18, sliceCount: sliceCount),
      series: TiltSeriesShape(tiltCount: 9, binCount: 24, sliceCount: sliceCount),
      degrees: Self.degrees)
    var series = TiltSeries(zeros: geometry.series, tilts: Self.degrees)
    let values = noise(count: geometry.series.slabs.valueCount, seed: 3)
    for i in 0..<values.count {
      let (line, bin) = i.quotientAndRemainder(dividingBy: 24)
      series[line / sliceCount, line % sliceCount, bin] = 1 + values.span[i]
    }
    return (series, geometry)
  }

  @Test(
    "neither groups nor workers change a bit of the volume or the history",
    arguments: [1, 7, 33, 100], Ending.allCases)
  func groups(sliceCount: Int, ending: Ending) throws {
    let (series, geometry) = try series(sliceCount)
    let method = try ending.method()
    let slabCount = geometry.volume.slabs.slabCount
    let (expected, history) = try run(method, series, geometry, slabCount, Workers(1))
    #expect(history.stopReason == ending.reason)
    for workers in [1, 2, 5] {
      for slabs in [1, 2, slabCount] {
        let (field, report) = try run(method, series, geometry, slabs, Workers(workers))
        #expect(areIdentical(field, expected))
        #expect(report.history == history.history && report.stopReason == history.stopReason)
        #expect(report.iterations == history.iterations)
      }
    }
  }

  /// How a run comes to its end.
  enum Ending: CaseIterable {
    case direct, fixed, settled, noiseReached, notReached

    func method() throws -> any SliceWiseMethod {
      switch self {
      case .direct: FilteredBackProjection()
      case .fixed: try SIRT(iterations: 4)
      case .settled: try SIRT(iterations: 40, stopRule: StopRule(relativeChange: 0.03))
      case .noiseReached: try SIRT(iterations: 40, stopRule: StopRule(noise: 0.45))
      case .notReached: try SIRT(iterations: 1, stopRule: StopRule(noise: 1e-9))
      }
    }

    var reason: StopReason {
      switch self {
      case .direct: .direct
      case .fixed, .notReached: .iterationLimit
      case .settled: .settled
      case .noiseReached: .noiseReached
      }
    }
  }

  @Test("a start volume is honoured group by group")
  func start() throws {
    let (series, geometry) = try series(70)
    let method = try SIRT(iterations: 3)
    let first = try method.reconstruct(series, geometry, from: nil, workers: .all).0
    let whole = try method.reconstruct(series, geometry, from: first, workers: .all).0
    let store = MemoryStore(first.voxels, geometry.volume.slabs)
    _ = try SliceWiseRun(method, geometry, slabsPerGroup: 1, workers: .all)
      .reconstruct(MemoryStore(series.projections, geometry.series.slabs), into: store)
    #expect(areIdentical(store.field, whole.voxels))
  }

  @Test("a start volume of another shape is refused with both shapes")
  func startShape() throws {
    let (series, geometry) = try series(7)
    let wrong = VolumeShape(width: 20, depth: 19, sliceCount: 7)
    #expect(throws: ReconstructionError.startShape(wrong, expected: geometry.volume)) {
      try SIRT().reconstruct(series, geometry, from: Volume(zeros: wrong), workers: .all)
    }
  }

  @Test(
    "a cancelled run ends between two passes",
    arguments: [nil, 1e-9])
  func cancelled(noise: Double?) throws {
    let (series, geometry) = try series(70)
    let passes = Mutex(0)
    let monitor = Monitor(
      onProgress: { _ in passes.withLock { $0 += 1 } },
      isCancelled: { passes.withLock { $0 == 4 } })
    let run = SliceWiseRun(
      try SIRT(iterations: 3, stopRule: StopRule(noise: noise)), geometry, slabsPerGroup: 1,
      workers: .all)
    #expect(throws: ReconstructionError.interrupted) {
      try run.reconstruct(
        MemoryStore(series.projections, geometry.series.slabs),
        into: MemoryStore(
          FloatStorage(zeros: geometry.volume.slabs.count), geometry.volume.slabs),
        monitor: monitor)
    }
    #expect(passes.withLock { $0 } == 4)
  }

  @Test(
    "progress rises to one", arguments: [1, 2, 3], [nil, 1e-9])
  func progress(slabsPerGroup: Int, noise: Double?) throws {
    let (series, geometry) = try series(70)
    let fractions = Mutex<[Double]>([])
    let monitor = Monitor(onProgress: { progress in
      #expect(progress.iterationLimit == 4)
      fractions.withLock { $0.append(progress.fraction) }
    })
    _ = try SliceWiseRun(
      SIRT(iterations: 4, stopRule: StopRule(noise: noise)), geometry, slabsPerGroup: slabsPerGroup,
      workers: .all
    ).reconstruct(
      MemoryStore(series.projections, geometry.series.slabs),
      into: MemoryStore(FloatStorage(zeros: geometry.volume.slabs.count), geometry.volume.slabs),
      monitor: monitor)
    let steps = fractions.withLock { $0 }
    let count = 4 * ((3 + slabsPerGroup - 1) / slabsPerGroup)
    #expect(steps.count == count)
    for (k, step) in steps.enumerated() {
      #expect(abs(step - Double(k + 1) / Double(count)) < 1e-12)
    }
  }

  @Test(
    "a pass is set up once for each number of slices, and serves no other",
    arguments: [(1, [32, 4]), (2, [64, 36]), (4, [100])])
  func passes(slabsPerGroup: Int, expected: [Int]) throws {
    let (series, geometry) = try series(100)
    let method = try CountingMethod()
    let report = try SliceWiseRun(
      method, geometry, slabsPerGroup: slabsPerGroup, workers: .all
    ).reconstruct(
      MemoryStore(series.projections, geometry.series.slabs),
      into: MemoryStore(FloatStorage(zeros: geometry.volume.slabs.count), geometry.volume.slabs))
    #expect(method.made.withLock { $0 } == expected)
    for entry in report.history {
      let squares = try #require(entry.residual) * #require(entry.residual)
      #expect(abs(squares * Double(geometry.series.slabs.valueCount) - 100) < 1e-9)
    }
  }

  private func run(
    _ method: any SliceWiseMethod, _ series: TiltSeries, _ geometry: TiltGeometry, _ slabs: Int,
    _ workers: Workers
  ) throws -> (FloatStorage, ReconstructionReport) {
    let store = MemoryStore(
      FloatStorage(zeros: geometry.volume.slabs.count), geometry.volume.slabs)
    let report = try SliceWiseRun(method, geometry, slabsPerGroup: slabs, workers: workers)
      .reconstruct(MemoryStore(series.projections, geometry.series.slabs), into: store)
    return (store.field, report)
  }
}

/// Claims a residual of one for each slice that a pass was made for.
private final class CountingMethod: SliceWiseMethod {
  let made = Mutex<[Int]>([])

  let name = "counting"
  let traits = MethodTraits(acceptsStart: false)
  let iterationLimit = 3
  let stopRule: StopRule

  init() throws { stopRule = try StopRule(noise: 1e-9) }

  init(from decoder: any Decoder) throws { throw MethodRecipeError.unknown("counting") }
  func encode(to encoder: any Encoder) throws { try [String: Int]().encode(to: encoder) }

  let seriesCopies = 0

  func makePass(_ geometry: TiltGeometry, workers: Workers) -> any SlicePass {
    made.withLock { $0.append(geometry.volume.sliceCount) }
    return Pass(sliceCount: geometry.volume.sliceCount)
  }

  struct Pass: SlicePass {
    let sliceCount: Int

    mutating func refine(_ volume: inout FloatStorage, to measured: FloatStorage) -> IterationSums?
    {
      let ones = [Double](repeating: 1, count: sliceCount)
      return IterationSums(residual: ones, change: ones, norm: ones)
    }
  }
}
