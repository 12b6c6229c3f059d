import Fields
import RealModule

extension FusionProblem {
  /// The counts of a map's pixel where HAADF is darkest and even, and shows nothing as far as it can tell; `nil` where
  /// they agree with the background that was declared, and for maps that are not counts.
  ///
  /// Squares of 8 × 8 map pixels are looked at whose pixels scatter no more than noise (χ² below 1.5) about a mean within
  /// three standard errors of the darkest twentieth of such squares. Their mean `m` over n pixels tells of a background where
  ///
  ///     m − b > 5 √(m / n),  m > 1.1 b  and  m − b < 0.3 of what the map typically counts:
  ///
  /// the faint rim of a light element stays below the noise of HAADF, and more than that is an element of a matrix.
  func vacuumCounts(_ e: Int) -> Double? {
    let (map, haadf) = (data.maps[e], data.haadf)
    guard case .poisson(let declared) = map.noise, map.binning.fine == haadf.pictures.shape
    else { return nil }
    var squares: [(mean: Double, error: Double, counts: Double, pixels: Double)] = []
    for block in map.pictures.blocks(Consistency.side) {
      guard let fine = haadf.pictures.seen(by: block, of: map) else { continue }
      let pixels = Double(fine.rows.count * fine.columns.count)
      let (sum, sumOfSquares) = haadf.pictures.sums(of: haadf.measurement, in: fine)
      let mean = sum / pixels
      guard sumOfSquares / pixels - mean * mean < 1.5 * haadf.sigma * haadf.sigma else { continue }
      squares.append(
        (
          mean, haadf.sigma / pixels.squareRoot(),
          map.pictures.sums(of: map.measurement, in: block).sum,
          Double(block.rows.count * block.columns.count * map.pixelCount)
        ))
    }
    squares.sort { $0.mean < $1.mean }
    let darkest = squares.prefix(max(squares.count / 20, 1))
    guard darkest.count > 0 else { return nil }
    let dark = darkest.reduce(0) { $0 + $1.mean } / Double(darkest.count)
    var (sum, count) = (0.0, 0.0)
    for square in squares where square.mean - dark <= 3 * square.error {
      sum += square.counts
      count += square.pixels
    }
    let excess = sum / count - declared
    let isAbove =
      excess > 5 * (sum / count / count).squareRoot() && excess > 0.1 * declared
      && excess < 0.3 * map.typicalSignal
    return isAbove ? sum / count : nil
  }
}

extension Pictures {
  /// The pixels of HAADF that a square of a map shows, to whole pixels of its shift; `nil` where it looks beyond them.
  fileprivate func seen(by block: Block, of map: ElementMap) -> Block? {
    let (k, shift) = (map.binning.factor, map.shift)
    func moved(_ range: Range<Int>, _ by: Double) -> Range<Int> {
      let by = Int(by.rounded())
      return range.lowerBound * k - by..<range.upperBound * k - by
    }
    let (rows, columns) = (moved(block.rows, shift.down), moved(block.columns, shift.right))
    guard rows.lowerBound >= 0, rows.upperBound <= rowCount, columns.lowerBound >= 0,
      columns.upperBound <= columnCount
    else { return nil }
    return Block(picture: block.picture, rows: rows, columns: columns)
  }

  fileprivate func sums(
    of field: FloatStorage, in block: Block
  ) -> (sum: Double, ofSquares: Double) {
    let values = field.span
    var (sum, squares) = (0.0, 0.0)
    forEachPixel(of: block) { i in
      sum += Double(values[i])
      squares += Double(values[i]) * Double(values[i])
    }
    return (sum, squares)
  }
}
