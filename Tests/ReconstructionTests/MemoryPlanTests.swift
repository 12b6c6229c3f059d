import AlgebraicReconstruction
import Fields
import AnalyticReconstruction
import Projection
import Reconstruction
import Testing

@Suite struct MemoryPlanTests {
  /// 100 slices are four slabs of 32.
  private func geometry() throws -> TiltGeometry {
    try TiltGeometry(
      volume: VolumeShape(width: 40, depth: 30, sliceCount: 100),
      series: TiltSeriesShape(tiltCount: 9, binCount: 40, sliceCount: 100),
      degrees: (-4...4).map { Double($0) * 15 })
  }
  /// The volume, the series, and its filtered copy: at 30° corners land 19.5 cos 30° + 14.5 sin 30° = 24.1
  /// bins from the middle, 19.5, and so between the bins −5 and 44.
  private let slabBytes = 4 * 32 * (30 * 40 + 9 * 40 + 9 * 50)

  @Test("All slabs stay in memory where they fit, exactly")
  func inMemory() throws {
    let whole = try MemoryPlan(
      FilteredBackProjection(), try geometry(), workers: 2, limit: .max)
    #expect(whole.isInMemory && whole.slabsPerGroup == 4 && whole.scratchByteCount == 0)
    #expect(whole.byteCount > 4 * slabBytes)
    let tight = try MemoryPlan(
      FilteredBackProjection(), try geometry(), workers: 2, limit: whole.byteCount)
    #expect(tight == whole)
  }

  @Test("Less memory means fewer slabs at a time, and both fields on disk")
  func inGroups() throws {
    let geometry = try geometry()
    let whole = try MemoryPlan(FilteredBackProjection(), geometry, workers: 2, limit: .max)
    for (slabs, groups) in [(3, 2), (2, 2), (1, 4)] {
      let limit = whole.byteCount - (4 - slabs) * slabBytes
      let plan = try MemoryPlan(FilteredBackProjection(), geometry, workers: 2, limit: limit)
      #expect(plan.slabsPerGroup == slabs && plan.groupCount == groups)
      #expect(plan.byteCount == limit && !plan.isInMemory)
      #expect(plan.scratchByteCount == 4 * 4 * 32 * (30 * 40 + 9 * 40))
    }
  }

  @Test("A run that goes on holds as many slabs as before, or says what that needs")
  func kept() throws {
    let (geometry, method) = (try geometry(), FilteredBackProjection())
    let whole = try MemoryPlan(method, geometry, workers: 2, limit: .max).byteCount
    let one = try MemoryPlan(method, geometry, workers: 2, limit: .max, slabsPerGroup: 1)
    #expect(one.slabsPerGroup == 1 && one.groupCount == 4 && !one.isInMemory)
    #expect(
      try one == MemoryPlan(method, geometry, workers: 2, limit: one.byteCount, slabsPerGroup: 1))
    let all = try MemoryPlan(method, geometry, workers: 2, limit: whole, slabsPerGroup: 4)
    #expect(all.isInMemory && all.byteCount == whole)
    for (slabs, needs) in [(4, whole), (3, whole - slabBytes)] {
      #expect(throws: MemoryLimitError.keptMemory(needs: needs, limit: needs - 1)) {
        try MemoryPlan(
          method, geometry, workers: 2, limit: needs - 1, slabsPerGroup: slabs)
      }
    }
  }

  @Test("Groups that advance together keep one more copy of the series")
  func stopRule() throws {
    let geometry = try geometry()
    let fixed = try SIRT(iterations: 3)
    let ruled = try SIRT(iterations: 3, stopRule: StopRule(relativeChange: 1e-3))
    let whole = try MemoryPlan(fixed, geometry, workers: 2, limit: .max).byteCount
    #expect(try MemoryPlan(ruled, geometry, workers: 2, limit: .max).byteCount == whole)
    let limit = whole - 2 * 4 * 32 * (30 * 40 + 2 * 9 * 40)
    #expect(try MemoryPlan(fixed, geometry, workers: 2, limit: limit).slabsPerGroup == 2)
    #expect(try MemoryPlan(ruled, geometry, workers: 2, limit: limit).slabsPerGroup == 1)
  }

  @Test("Where not one slab fits, the error tells what is needed, and that is enough")
  func refusal() throws {
    let geometry = try geometry()
    let error = #expect(throws: MemoryLimitError.self) {
      try MemoryPlan(FilteredBackProjection(), geometry, workers: 2, limit: 1000)
    }
    guard case .memory(let needs, 1000) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(
      try MemoryPlan(FilteredBackProjection(), geometry, workers: 2, limit: needs)
        .slabsPerGroup == 1)
    #expect(throws: MemoryLimitError.memory(needs: needs, limit: needs - 1)) {
      try MemoryPlan(FilteredBackProjection(), geometry, workers: 2, limit: needs - 1)
    }
  }

  @Test("A direct method that goes through many slabs in steps holds copies of one step only")
  func steps() throws {
    // 512 slices are 16 slabs, in steps of one; 15 slabs go in one.
    func plan(slices: Int) throws -> MemoryPlan {
      let geometry = try TiltGeometry(
        volume: VolumeShape(width: 40, depth: 30, sliceCount: slices),
        series: TiltSeriesShape(tiltCount: 9, binCount: 40, sliceCount: slices),
        degrees: (-4...4).map { Double($0) * 15 })
      return try MemoryPlan(FilteredBackProjection(), geometry, workers: 2, limit: .max)
    }
    let (stepped, whole) = (try plan(slices: 512), try plan(slices: 480))
    #expect(stepped.slabsPerPass == 1 && stepped.slabsPerGroup == 16 && stepped.isInMemory)
    #expect(whole.slabsPerPass == 15)
    let (volume, series, filtered) = (4 * 32 * 30 * 40, 4 * 32 * 9 * 40, 4 * 32 * 9 * 50)
    let page = 4 * 32 * (2 * 40 + 2 * 40)
    #expect(
      stepped.byteCount - whole.byteCount
        == page + (17 * (volume + series) + filtered) - 15 * (volume + series + filtered))
  }

  @Test("A mask, the slabs that workers keep, and the tables of subsets are counted")
  func besides() throws {
    let geometry = try geometry()
    func bytes(_ method: some SliceWiseMethod, workers: Int = 2) throws -> Int {
      try MemoryPlan(method, geometry, workers: workers, limit: .max).byteCount
    }
    let (volume, series) = (4 * 32 * 30 * 40, 4 * 32 * 9 * 40)
    let mask = Support(Volume(zeros: geometry.volume))
    let masked = try SIRT(
      iterations: 3, relaxation: .constant(1), constraint: VoxelConstraint(support: mask))
    let plain = try bytes(try SIRT(iterations: 3))
    #expect(try bytes(masked) == plain + 4 * volume)
    // SART keeps one slab a worker, and no copy of the series.
    #expect(try bytes(SART()) == plain + 2 * volume - 4 * series)
    #expect(try bytes(SART(), workers: 9) - bytes(SART(), workers: 8) == 2 << 20)
    let one = try bytes(try OSSART(subsets: 1))
    #expect(try bytes(try OSSART(subsets: 4)) == one + 3 * 8 * 30 * 40 + 2 * (3 << 19))
  }

  @Test(
    "Bytes are told in decimal units",
    arguments: [
      (999, "999 bytes"), (1000, "1 kB"), (22_020_096, "22 MB"), (1_540_000_000, "1.5 GB"),
      (9_000_000_000_000, "9 TB"),
    ])
  func words(count: Int, words: String) {
    #expect(MemoryPlan.words(count) == words)
  }
}
