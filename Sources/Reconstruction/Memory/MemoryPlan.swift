import Fields
import Foundation
package import Projection

/// How much memory a run takes, and in how many groups of slabs it goes.
///
/// The count covers the whole process; `scripts/memory-table` compares it with measured peaks.
package struct MemoryPlan: Sendable, Hashable {
  /// Slabs that are in memory together.
  package let slabsPerGroup: Int
  /// Slabs of these that a pass works on together.
  package let slabsPerPass: Int
  package let groupCount: Int
  /// The most that the process holds, in bytes.
  package private(set) var byteCount: Int
  /// What goes to a scratch file beside the output, in bytes.
  package let scratchByteCount: Int

  package var isInMemory: Bool { groupCount == 1 }

  /// - Parameter kept: the slabs that a run which goes on held; as many as fit without it.
  /// - Throws: ``MemoryLimitError/memory(needs:limit:)`` where not even one slab fits,
  ///   ``MemoryLimitError/keptMemory(needs:limit:)`` where those of before do not, and
  ///   ``MemoryLimitError/wholeMemory(method:needs:limit:)`` where a response of the instrument links slices and all do not fit.
  package init(
    _ method: some SliceWiseMethod, _ geometry: TiltGeometry, workers: Int, limit: Int,
    slabsPerGroup kept: Int? = nil
  ) throws(MemoryLimitError) {
    let (volume, series) = (geometry.volume.slabs, geometry.series.slabs)
    let count = volume.slabCount
    let slab = 4 * (volume.slabLength + series.slabLength)
    let copy = series.slabLength / series.positionCount * method.binsPerCopy(geometry)
    let copies = 4 * (method.volumeCopies * volume.slabLength + method.seriesCopies * copy)
    let fixed = Self.fixed(
      geometry, support: method.supportByteCount, subsets: method.subsetCount(geometry),
      workers: workers)
    func bytes(passes: Int, slabs: Int) -> Int {
      fixed + passes * copies * slabs
        + 4 * method.slabsPerWorker * min(workers, slabs) * volume.slabLength
    }

    // A direct method goes through a large volume in steps, to show how far it has come, each a copy.
    let isLinked = geometry.optics?.linksSlices ?? false
    let step = method.iterationLimit == 1 && count >= 16 && !isLinked ? count / 16 : count
    let whole = bytes(passes: 1, slabs: step) + slab * count + (step < count ? slab * step : 0)
    guard whole > limit || (kept ?? count) < count else {
      (slabsPerGroup, slabsPerPass, groupCount) = (count, step, 1)
      (byteCount, scratchByteCount) = (whole, 0)
      return
    }
    guard !isLinked else {
      throw .wholeMemory(method: "\(method.name) with --psf", needs: whole, limit: limit)
    }
    // Groups that advance together keep one pass for themselves and one for the last of them.
    let passes = method.stopRule == .never ? 1 : 2
    func group(_ slabs: Int) -> Int { bytes(passes: passes, slabs: slabs) + slab * slabs }
    guard count > 1, let fitting = (1..<count).last(where: { group($0) <= limit }) else {
      throw .memory(needs: min(whole, group(1)), limit: limit)
    }
    let slabs = kept ?? fitting
    guard slabs <= fitting else {
      throw .keptMemory(needs: slabs < count ? group(slabs) : whole, limit: limit)
    }
    (slabsPerGroup, slabsPerPass) = (slabs, slabs)
    groupCount = (count + slabs - 1) / slabs
    byteCount = group(slabs)
    scratchByteCount = 4 * (volume.count + series.count)
  }

  /// A run in memory that begins at half the resolution.
  ///
  /// - Throws: ``MemoryLimitError/coarseMemory(needs:limit:)`` where it does not fit.
  package init(
    _ method: some SliceWiseMethod, _ geometry: TiltGeometry, after coarse: CoarseStart,
    workers: Int, limit: Int
  ) throws(MemoryLimitError) {
    let whole = try Self(method, geometry, workers: workers, limit: .max)
    let start = try Self(coarse.method, coarse.geometry, workers: workers, limit: .max)
    let held = 4 * (geometry.volume.slabs.count + geometry.series.slabs.count)
    let needs = max(whole.byteCount, start.byteCount + held)
    guard needs <= limit else { throw .coarseMemory(needs: needs, limit: limit) }
    self.init(inMemory: geometry, needs)
  }

  /// - Throws: ``MemoryLimitError/wholeMemory(method:needs:limit:)`` where it does not fit.
  package init(
    whole method: some ReconstructionMethod, _ geometry: TiltGeometry, hasStart: Bool, workers: Int,
    limit: Int
  ) throws(MemoryLimitError) {
    let start = hasStart ? 4 * geometry.volume.slabs.count : 0
    let fixed = Self.fixed(
      geometry, support: method.supportByteCount, subsets: 1, workers: workers)
    let needs = fixed + method.memory(for: geometry, workers: Workers(workers)) + start
    guard needs <= limit else {
      throw .wholeMemory(method: method.name, needs: needs, limit: limit)
    }
    self.init(inMemory: geometry, needs)
  }

  /// The same run with the quality of its result measured after it.
  ///
  /// - Throws: ``MemoryLimitError/beyondMemory(_:limit:)`` where that does not fit.
  package func followed(byQuality need: MemoryNeed, limit: Int) throws(MemoryLimitError)
    -> MemoryPlan
  {
    try need.check(limit: limit)
    var plan = self
    plan.byteCount = max(byteCount, need.byteCount)
    return plan
  }

  private init(inMemory geometry: TiltGeometry, _ byteCount: Int) {
    (slabsPerGroup, groupCount) = (geometry.volume.slabs.slabCount, 1)
    (slabsPerPass, self.byteCount, scratchByteCount) = (slabsPerGroup, byteCount, 0)
  }

  /// The process itself, a page on its way in or out, the mask, the tables that all slices share, each worker's tiles, and
  /// projections on their way to a response of the instrument.
  private static func fixed(
    _ geometry: TiltGeometry, support: Int, subsets: Int, workers: Int
  ) -> Int {
    let (volume, series) = (geometry.volume.slabs, geometry.series.slabs)
    return 4 * (2 * volume.pageLength * volume.slabCount + 2 * series.pageLength * series.slabCount)
      + support + 8 * (subsets * volume.runCount + series.runCount)
      + workers * ((3 + subsets) << 19) + process
      + (geometry.optics?.byteCount(series: series.count) ?? 0)
  }

  /// The program and its libraries.
  package static let process = 32 << 20

  /// What a run may hold where nobody says: three quarters of the memory that this process may have, in
  /// bytes.
  package static var standardLimit: Int { MachineMemory().byteCount / 4 * 3 }

  /// - Throws: ``MemoryLimitError/tooLarge(needs:limit:)`` where fields of so many floats do not fit.
  package static func require(floatCount: Int) throws(MemoryLimitError) {
    guard 4 * floatCount <= standardLimit else {
      throw .tooLarge(needs: 4 * floatCount, limit: standardLimit)
    }
  }

  /// `1.5 GB`, decimal.
  package static func words(_ byteCount: Int) -> String {
    let units: [(name: String, size: Double)] = [
      ("PB", 1e15), ("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3),
    ]
    let value = Double(byteCount)
    guard let unit = units.first(where: { value >= $0.size }) else { return "\(byteCount) bytes" }
    let scaled = value / unit.size
    return "\(scaled < 10 ? (scaled * 10).rounded() / 10 : scaled.rounded()) \(unit.name)"
      .replacing(".0 ", with: " ")
  }
}
