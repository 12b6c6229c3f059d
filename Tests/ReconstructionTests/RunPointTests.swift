import AlgebraicReconstruction
import Fields
import Projection
import Reconstruction
import Synchronization
import TestSupport
import Testing

@Suite("RunPoint")
struct RunPointTests {
  static let methods: [any SliceWiseMethod] =
    (try? [
      SIRT(iterations: 4, relaxation: .decaying(1.5, factor: 0.9), constraint: .none),
      SIRT(iterations: 4, stopRule: StopRule(relativeChange: 1e-9)),
      SIRT(iterations: 9, stopRule: StopRule(relativeChange: 0.05)),
      SART(sweeps: 4), OSSART(iterations: 4), CGLS(iterations: 4), MLEM(iterations: 4),
      MLEM(iterations: 4, subsets: 3),
    ]) ?? []

  @Test(
    "a run that is interrupted anywhere goes on to the same bits and the same history",
    arguments: 0..<8, [1, 2, 9])
  func anywhere(method: Int, slabsPerGroup: Int) throws {
    let method = Self.methods[method]
    let (series, geometry) = try SliceWiseRunTests().series(70)  // three slabs
    let whole = try run(method, series, geometry, slabsPerGroup, Drawer(interval: 100)).get()
    for refinements in 0..<60 {
      let drawer = Drawer(interval: 100)
      drawer.allowance.withLock { $0 = refinements }
      let result = run(method, series, geometry, slabsPerGroup, drawer)
      guard case .failure(.interrupted) = result else {
        #expect(refinements > 0)
        break
      }
      #expect(drawer.kept?.refinements == refinements)
      drawer.reopen()
      let resumed = try run(method, series, geometry, slabsPerGroup, drawer).get()
      #expect(areIdentical(resumed.0, whole.0))
      #expect(resumed.1.history == whole.1.history)
      #expect(resumed.1.stopReason == whole.1.stopReason)
    }
  }

  @Test("a run is kept after every so many iterations", arguments: [1, 3])
  func interval(slabsPerGroup: Int) throws {
    let (series, geometry) = try SliceWiseRunTests().series(70)
    let drawer = Drawer(interval: 2)
    _ = try run(CGLS(iterations: 5), series, geometry, slabsPerGroup, drawer).get()
    #expect(drawer.refinements == (slabsPerGroup == 3 ? [2, 4] : [2, 4, 7, 9, 12, 14]))
  }

  private func run(
    _ method: any SliceWiseMethod, _ series: TiltSeries, _ geometry: TiltGeometry,
    _ slabsPerGroup: Int, _ drawer: Drawer
  ) -> Result<(FloatStorage, ReconstructionReport), ReconstructionError> {
    let volume = MemoryStore(
      FloatStorage(zeros: geometry.volume.slabs.count), geometry.volume.slabs)
    let allowance = drawer.allowance
    return Result { () throws(ReconstructionError) in
      do {
        let report = try SliceWiseRun(
          method, geometry, slabsPerGroup: slabsPerGroup, workers: Workers(2)
        ).reconstruct(
          MemoryStore(series.projections, geometry.series.slabs), into: volume,
          monitor: Monitor(isCancelled: { allowance.take() }), keeper: drawer)
        return (volume.field, report)
      } catch let error as ReconstructionError {
        throw error
      } catch {
        preconditionFailure("\(error)")
      }
    }
  }
}

/// How many refinements may still be made.
private final class Allowance: Sendable {
  private let left = Mutex(Int.max)

  func withLock(_ body: (inout Int) -> Void) { left.withLock { body(&$0) } }

  /// Whether there is none left.
  func take() -> Bool {
    left.withLock { left in
      guard left > 0 else { return true }
      left -= 1
      return false
    }
  }
}

/// Keeps a run in memory.
private final class Drawer: RunKeeper {
  let interval: Int
  let allowance = Allowance()
  private(set) var point: RunPoint?
  private(set) var kept: RunPoint?
  private(set) var refinements: [Int] = []
  private var floats: [Float] = []

  init(interval: Int) { self.interval = interval }

  /// Lets the next run go on without an end.
  func reopen() {
    point = kept
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
    (kept, self.floats) = (point, all)
    refinements.append(point.refinements)
  }
}
