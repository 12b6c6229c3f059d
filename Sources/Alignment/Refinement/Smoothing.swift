package import Fields

extension Image {
  /// The page under (1 2 1)/4 along rows and columns, ends continued, `times` over.
  package func smoothed(_ times: Int) -> Image {
    var result = self
    for _ in 0..<times { result = result.smoothedOnce() }
    return result
  }

  private func smoothedOnce() -> Image {
    var rows = pixels
    let source = pixels.span
    var across = rows.mutableSpan
    for row in 0..<rowCount {
      let start = row * columnCount
      for column in 0..<columnCount {
        let (a, b) = (max(column - 1, 0), min(column + 1, columnCount - 1))
        across[start + column] =
          0.25 * (source[start + a] + source[start + b]) + 0.5 * source[start + column]
      }
    }
    var result = pixels
    let lines = rows.span
    var down = result.mutableSpan
    for row in 0..<rowCount {
      let start = row * columnCount
      let (a, b) = (max(row - 1, 0) * columnCount, min(row + 1, rowCount - 1) * columnCount)
      for column in 0..<columnCount {
        down[start + column] =
          0.25 * (lines[a + column] + lines[b + column]) + 0.5 * lines[start + column]
      }
    }
    return Image(result, columnCount: columnCount)
  }
}
