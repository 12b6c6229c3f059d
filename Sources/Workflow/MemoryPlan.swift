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

  /// - Throws: ``WorkflowError/memory(needs:limit:)`` where not even one slab fits.
  public init(
    _ method: some SliceWiseMethod, _ geometry: TiltGeometry, workers: Int, limit: Int
  ) throws(WorkflowError) {
    let (volume, series) = (geometry.volume.slabs, geometry.series.slabs)
    // A page on its way in or out, the tables that all slices share, each worker's tiles, and the
    // process itself.
    let fixed =
      4 * (2 * volume.pageLength * volume.slabCount + 2 * series.pageLength * series.slabCount)
      + 8 * (volume.runCount + series.runCount) + workers * (2 << 20) + (28 << 20)
    let perSlab = 4 * (volume.slabLength + (1 + method.seriesCopies) * series.slabLength)
    let whole = fixed + perSlab * volume.slabCount
    guard whole > limit else {
      (slabsPerGroup, groupCount) = (volume.slabCount, 1)
      (byteCount, scratchByteCount) = (whole, 0)
      return
    }
    // Groups that advance together keep one pass for themselves and one for the last of them.
    let passes = method.stopRule == .never ? 1 : 2
    let perGroupSlab = perSlab + 4 * (passes - 1) * method.seriesCopies * series.slabLength
    let slabs = min((limit - fixed) / perGroupSlab, volume.slabCount - 1)
    guard slabs > 0 else {
      throw .memory(needs: min(whole, fixed + perGroupSlab), limit: limit)
    }
    slabsPerGroup = slabs
    groupCount = (volume.slabCount + slabs - 1) / slabs
    byteCount = fixed + perGroupSlab * slabs
    scratchByteCount = 4 * (volume.count + series.count)
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
