import SeriesIO
package import Reconstruction
import DenseAlgebra
import Deblurring
import Imaging
import StackIO

extension ImageDeblurringRecipe: MemoryBound {
  /// The whole stack (and the truth), the point spread, and what the method holds of one page or volume.
  package func memory() throws -> MemoryNeed {
    let info = try StackReader(path: path).info
    let shape = info.shape
    let grid = Grid(
      planeCount: isVolume ? shape.pageCount : 1, rowCount: shape.rowCount,
      columnCount: shape.columnCount)
    let whole = shape.pageCount * info.pageBytes
    let (reach, isEven) = try spread.extent(
      pixelSize: pixelSize ?? info.pixelSize, isVolume: isVolume)
    var chooses = false
    if case .chosen = strength, method.hasStrength { chooses = true }
    let work = ImageDeblurring.memory(
      method, on: grid, reach: reach, isEven: isEven, ends: ends, chooses: chooses)
    // The page that is worked on, and what became of it, lie beside the stack.
    let copies = isVolume || shape.pageCount == 1 ? 0 : 6 * info.pageBytes
    let weights = reach.reduce(1) { $0 * ($1.before + $1.after + 1) }
    return MemoryNeed(
      "The deblurring",
      stages: [
        whole * (truth == nil ? 1 : 2) + copies + work + 3 * 8 * weights,
        whole + info.readerByteCount + info.pageBytes,
      ], cure: isVolume ? "crop or bin the volume" : "crop or bin the image")
  }
}

extension SpreadSource {
  /// How far the point is spread along planes, rows and columns, and whether it may be mirrored in each
  /// axis; a file is taken as lopsided, which holds more.
  func extent(
    pixelSize: Double?, isVolume: Bool
  ) throws -> (reach: [(before: Int, after: Int)], isEven: Bool) {
    switch self {
    case .gaussian(let lengths):
      let sigmas = try Self.widths(lengths, pixelSize)
      for sigma in sigmas where !(sigma <= PointSpread.widest) { throw BlurError.width(sigma) }
      let reach = sigmas.map { Int((6 * $0).rounded(.up)) }.map { (before: $0, after: $0) }
      let axes = reach.count == 1 ? Array(repeating: reach[0], count: isVolume ? 3 : 2) : reach
      return (axes.count == 2 ? [(0, 0)] + axes : axes, true)
    case .file(let path, _, _):
      var counts = [1, 1, 1]
      if path.lowercased().hasSuffix(".csv") {
        let table = try NumberTable(reading: path).withoutRowNumbers
        counts = [1, table.rowCount, table.columnCount]
      } else {
        let shape = try StackReader(path: path).info.shape
        counts = [shape.pageCount, shape.rowCount, shape.columnCount]
      }
      return (counts.map { ($0 / 2, $0 - 1 - $0 / 2) }, false)
    }
  }
}
