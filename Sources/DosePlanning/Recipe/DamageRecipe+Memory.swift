import SeriesIO
package import Reconstruction
import Fields
import StackIO

extension DamageRecipe: MemoryBound {
  /// The series, and a few numbers of every row of every page.
  package func memory() -> MemoryNeed {
    let shape = source.shape
    return MemoryNeed(
      "The survey of damage",
      stages: [
        shape.slabs.byteCount
          + max(source.info.loadingBytes(shape.slabs), 64 * shape.tiltCount * shape.sliceCount)
      ], cure: "crop or bin the series")
  }
}
