import Fields
import Projection
import Quality
import Reconstruction
import StackIO

extension QualityRecipe: MemoryBound {
  /// The most that is held at once: during the prediction of left-out tilts, the second half, or the
  /// transforms, when volume, both halves and their spectra are there.
  public func memory() throws -> MemoryNeed {
    let geometry = try makeGeometry()
    let (tilts, series) = (source.tilts, source.shape.slabs.byteCount)
    let volume = geometry.volume.slabs.byteCount
    func run(_ chosen: [Int]) throws -> Int {
      try MemoryPlan.bytes(
        of: try makeMethod(chosen), geometry.subset(of: chosen), workers: workers.count)
    }
    return MemoryNeed(
      "Measuring two halves and their transforms",
      stages: [
        try run(TiltSplit.heldOut(tilts).kept) + volume + 2 * series,
        try run(TiltSplit.halves(tilts).even) + 2 * volume + 2 * series,
        4 * volume + 2 * series + geometry.volume.pairBytes,
      ], cure: "crop or bin the volume")
  }
}
