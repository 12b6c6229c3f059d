import SeriesIO
package import Reconstruction
import StackIO

extension CorrelationRecipe: MemoryBound {
  /// Two volumes, and the spectrum of the pair.
  package func memory() throws -> MemoryNeed {
    let (one, reading, shape) = try volumeBytes(first, axis: axis)
    let (other, readingOther, _) = try volumeBytes(second, axis: axis)
    return MemoryNeed(
      "The correlation",
      stages: [one + other + max(shape.pairBytes, reading, readingOther)],
      cure: "crop or bin the volumes")
  }
}
