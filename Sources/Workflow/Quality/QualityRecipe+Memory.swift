import SeriesIO
public import Reconstruction

extension QualityRecipe: MemoryBound {
  public func memory() throws -> MemoryNeed {
    try QualityMemory(
      try makeGeometry(), tilts: source.tilts, workers: workers, method: method
    ).need()
  }
}
