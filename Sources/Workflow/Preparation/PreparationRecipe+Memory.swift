import SeriesIO
package import Reconstruction
import Fields
import Preparation
import StackIO

extension PreparationRecipe: MemoryBound {
  /// Every worker holds its page and, while a step makes the next one of it, that one too; pages that are
  /// done wait for those before them, and one is turned upside down for MRC. Flat and dark fields are read before,
  /// and kept.
  package func memory() -> MemoryNeed {
    let sizes = self.sizes
    let largest = 4 * (sizes.max() ?? 0)
    let held = workers.count * (steps.isEmpty ? largest : 2 * largest)
    let flipped = target.path.lowercased().hasSuffix(".tif") ? 0 : 4 * (sizes.last ?? 0)
    return MemoryNeed(
      "The preparation",
      stages: [
        (fields?.keptByteCount ?? 0) + held + source.info.readerByteCount
          + (flipped > 0 ? flipped + largest / 8 : largest / 3),
        fields?.readingByteCount ?? 0,
      ],
      cure: "crop or bin the pages, or use fewer --threads")
  }

  /// Pixels of a page as it comes and after each step.
  private var sizes: [Int] {
    let shape = source.info.shape
    var (rows, columns) = (shape.rowCount, shape.columnCount)
    return [rows * columns]
      + steps.map { step in
        switch step {
        case .crop(let region): (rows, columns) = (region.rows.count, region.columns.count)
        case .pad(let pixels):
          let margin = min(max(0, pixels), 1 << 28)  // more is refused, and must not overflow here
          (rows, columns) = (rows + 2 * margin, columns + 2 * margin)
        case .bin(let factor, _):
          (rows, columns) = (rows / max(1, factor), columns / max(1, factor))
        default: break
        }
        return rows * columns
      }
  }
}
