import SeriesIO
package import Reconstruction

extension QualityRecipe: MemoryBound {
  package func memory() throws -> MemoryNeed {
    try QualityMemory(
      try makeGeometry(), tilts: source.tilts, workers: workers, method: method
    ).need()
  }
}
