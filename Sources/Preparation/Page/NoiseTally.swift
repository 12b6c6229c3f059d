/// What second differences tell about the noise at every brightness of a page.
///
/// Each pixel gives d = (N ∗ p)/6 with N = [1 −2 1; −2 4 −2; 1 −2 1], whose variance is that of the noise where the
/// object is smooth, and the mean of the 3 × 3 pixels about it for the brightness.
///
/// - Reference: J. Immerkær, Comput. Vis. Image Underst. 64, 300 (1996).
struct NoiseTally: Sendable {
  struct Pair: Sendable {
    let brightness: Float
    let difference: Float
  }

  /// Some 4 000 places of the page.
  let pairs: [Pair]

  init(_ page: TiltPage) {
    guard page.rowCount >= 3, page.columnCount >= 3 else {
      pairs = []
      return
    }
    let (rows, columns) = (page.rowCount - 2, page.columnCount - 2)
    var step = max(1, rows * columns / 4_096)
    while step > 1 && columns.isMultiple(of: step) { step += 1 }
    pairs = stride(from: 0, to: rows * columns, by: step).map { place in
      let (row, column) = (place / columns + 1, place % columns + 1)
      var (edges, corners) = (Float(0), Float(0))
      for i in [-1, 1] {
        edges += page[row + i, column] + page[row, column + i]
        corners += page[row + i, column - 1] + page[row + i, column + 1]
      }
      let centre = page[row, column]
      return Pair(
        brightness: (centre + edges + corners) / 9,
        difference: (corners - 2 * edges + 4 * centre) / 6)
    }
  }
}
