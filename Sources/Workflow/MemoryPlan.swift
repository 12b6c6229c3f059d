import Fields
import Foundation
public import Projection
public import Reconstruction

/// How much memory a slice-wise run takes, and in how many groups of slabs it goes.
///
/// The count covers the whole process: measured peaks lie between 0.83 and 1.13 of it.
public struct MemoryPlan: Sendable, Hashable {
  /// Slabs that are in memory together.
  public let slabsPerGroup: Int
  public let groupCount: Int
  /// The most that the run holds, in bytes.
  public let byteCount: Int
  /// What goes to a scratch file beside the output, in bytes.
  public let scratchByteCount: Int

  public var isInMemory: Bool { groupCount == 1 }

  /// - Parameter kept: the slabs that a run which goes on held; as many as fit without it.
  /// - Throws: ``WorkflowError/memory(needs:limit:)`` where not even one slab fits, and
  ///   ``WorkflowError/keptMemory(needs:limit:)`` where those of before do not.
  public init(
    _ method: some SliceWiseMethod, _ geometry: TiltGeometry, workers: Int, limit: Int,
    slabsPerGroup kept: Int? = nil
  ) throws(WorkflowError) {
    let (volume, series) = (geometry.volume.slabs, geometry.series.slabs)
    let fixed = Self.fixed(geometry, workers: workers)
    let copies =
      method.volumeCopies * volume.slabLength + method.seriesCopies * series.slabLength
    let perSlab = 4 * (volume.slabLength + series.slabLength + copies)
    let whole = fixed + perSlab * volume.slabCount
    guard whole > limit || (kept ?? volume.slabCount) < volume.slabCount else {
      (slabsPerGroup, groupCount) = (volume.slabCount, 1)
      (byteCount, scratchByteCount) = (whole, 0)
      return
    }
    // Groups that advance together keep one pass for themselves and one for the last of them.
    let passes = method.stopRule == .never ? 1 : 2
    let perGroupSlab = perSlab + 4 * (passes - 1) * copies
    let fitting = min((limit - fixed) / perGroupSlab, volume.slabCount - 1)
    let slabs = kept ?? fitting
    guard fitting > 0 else {
      throw .memory(needs: min(whole, fixed + perGroupSlab), limit: limit)
    }
    guard slabs <= fitting else {
      throw .keptMemory(
        needs: slabs < volume.slabCount ? fixed + perGroupSlab * slabs : whole, limit: limit)
    }
    slabsPerGroup = slabs
    groupCount = (volume.slabCount + slabs - 1) / slabs
    byteCount = fixed + perGroupSlab * slabs
    scratchByteCount = 4 * (volume.count + series.count)
  }

  /// A run in memory that begins at half the resolution.
  ///
  /// - Throws: ``WorkflowError/coarseMemory(needs:limit:)`` where it does not fit.
  init(
    _ method: some SliceWiseMethod, _ geometry: TiltGeometry, after coarse: CoarseStart,
    workers: Int, limit: Int
  ) throws(WorkflowError) {
    let whole = try Self(method, geometry, workers: workers, limit: .max)
    let start = try Self(coarse.method, coarse.geometry, workers: workers, limit: .max)
    let held = 4 * (geometry.volume.slabs.count + geometry.series.slabs.count)
    let needs = max(whole.byteCount, start.byteCount + held)
    guard needs <= limit else { throw .coarseMemory(needs: needs, limit: limit) }
    (slabsPerGroup, groupCount) = (whole.slabsPerGroup, 1)
    (byteCount, scratchByteCount) = (needs, 0)
  }

  /// - Throws: ``WorkflowError/wholeMemory(method:needs:limit:)`` where it does not fit.
  public init(
    whole method: some WholeVolumeMethod, _ geometry: TiltGeometry, hasStart: Bool, workers: Int,
    limit: Int
  ) throws(WorkflowError) {
    let start = hasStart ? 4 * geometry.volume.slabs.count : 0
    let needs = Self.fixed(geometry, workers: workers) + method.memory(for: geometry) + start
    guard needs <= limit else {
      throw .wholeMemory(method: method.name, needs: needs, limit: limit)
    }
    (slabsPerGroup, groupCount) = (geometry.volume.slabs.slabCount, 1)
    (byteCount, scratchByteCount) = (needs, 0)
  }

  /// A page on its way in or out, the tables that all slices share, each worker's tiles, and the
  /// process itself.
  private static func fixed(_ geometry: TiltGeometry, workers: Int) -> Int {
    let (volume, series) = (geometry.volume.slabs, geometry.series.slabs)
    return 4 * (2 * volume.pageLength * volume.slabCount + 2 * series.pageLength * series.slabCount)
      + 8 * (volume.runCount + series.runCount) + workers * (2 << 20) + (28 << 20)
  }

  /// What a run may hold where nobody says: three quarters of the machine's memory, in bytes.
  public static var standardLimit: Int { Int(ProcessInfo.processInfo.physicalMemory / 4 * 3) }

  /// - Throws: ``WorkflowError/tooLarge(needs:limit:)`` where fields of so many floats do not fit.
  static func require(floatCount: Int) throws(WorkflowError) {
    guard 4 * floatCount <= standardLimit else {
      throw .tooLarge(needs: 4 * floatCount, limit: standardLimit)
    }
  }

  /// `1.5 GB`, decimal.
  public static func words(_ byteCount: Int) -> String {
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
