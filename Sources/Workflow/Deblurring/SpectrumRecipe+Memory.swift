import SeriesIO
package import Reconstruction
import Foundation
import StackIO

extension SpectrumRecipe: MemoryBound {
  /// A table is read as text, a note for each line and the numbers; a picture as a page and a field. What is
  /// made of a spectrum, its table and its drawing are as large again.
  package func memory() throws -> MemoryNeed {
    let sizes = try ([path] + [lowLoss].compactMap(\.self)).map { path in
      guard StackFormat(pathExtension: (path as NSString).pathExtension) != nil else {
        let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
        return 50 * (size ?? 0)
      }
      let info = try StackReader(path: path).info
      return info.readerByteCount + (info.shape.pageCount + 1) * info.pageBytes
        + 100 * info.shape.columnCount
    }
    return MemoryNeed(
      "The spectrum", stages: [sizes.reduce(0, +)],
      cure: "give one line of pixels or a shorter table")
  }
}
