import SeriesIO
package import Reconstruction
import Fields
import Preparation
import StackIO

extension CheckRecipe: MemoryBound {
  /// Every worker holds a page and, for its sharpness, half a page of means and gradients. Of each page a
  /// small picture and some 4000 places stay; pictures are compared by their spectra.
  package func memory() -> MemoryNeed {
    let info = source.info
    let pages = workers.count * info.pageBytes * 8 / 5
    let small = 4 * 256 * 256
    let kept = info.shape.pageCount * (min(small, info.pageBytes) + (40 << 10))
    return MemoryNeed(
      "The check",
      stages: [pages + kept + info.readerByteCount, kept + 16 * small + (28 << 20)],
      cure: "crop or bin the pages, or use fewer --threads")
  }
}
