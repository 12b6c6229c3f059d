package import Fields
import Inversion
package import Projection
package import Reconstruction
import Transforms

/// The most that measuring quality holds at once: during the prediction of left-out tilts, the second
/// half, or the transforms.
package struct QualityMemory {
  /// Of the whole process.
  let byteCount: Int

  /// - Parameters:
  ///   - tilts: degrees, one a projection.
  ///   - method: what made the volume.
  package init(
    _ geometry: TiltGeometry, tilts: [Double], workers: Workers,
    method: any ReconstructionMethod
  ) throws {
    let volume = 4 * geometry.volume.slabs.count
    let series = 4 * geometry.series.slabs.count
    func run(_ tilts: [Int]) throws -> Int {
      try MemoryPlan(
        any: method.restricted(to: tilts, of: geometry.tilts.count), geometry.subset(of: tilts),
        workers: workers.count
      ).byteCount
    }
    let slabs = geometry.volume.slabs
    let transforms = 8 * slabs.valueCount
    // Sums of all shells for each page, and what the C library keeps of those before.
    let shells = max(slabs.pageCount, slabs.positionCount, slabs.sliceCount) / 2 + 1
    let sums = 4 * slabs.pageCount * ShellSums.bytesPerShell * shells
    // A direct method leaves a noisy volume more behind; measured, not counted.
    let direct = method.traits.isDirect ? volume : 0
    byteCount = max(
      try run(TiltSplit.outermost(tilts).kept) + volume + 2 * series,
      try run(TiltSplit.halves(tilts).even) + 2 * volume + 2 * series,
      direct + 3 * volume + 2 * series + transforms + sums + (40 << 20))
  }

  /// - Parameter more: bytes that are held besides.
  package func need(besides more: Int = 0) -> MemoryNeed {
    MemoryNeed(
      "Measuring two halves and their transforms", byteCount: byteCount + more,
      cure: "crop or bin the volume, or make a report without quality (voxtilt report --quick)")
  }
}
