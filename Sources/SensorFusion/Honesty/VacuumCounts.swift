import Fields
import RealModule

extension FusionProblem {
  /// The counts of a map's pixel where HAADF shows nothing, and the background that was declared for it; `nil` where
  /// they agree, where HAADF shows something everywhere, and for maps that are not counts.
  ///
  /// Squares of 8 × 8 map pixels are looked at in which the mean of `b_H − o` lies within three standard
  /// errors of zero. Their mean `m` over n pixels tells of a background where
  ///
  ///     m − b > 5 √(m / n)  and  m > 1.1 b,
  ///
  /// since the faint rim of a light element stays below the noise of HAADF.
  func vacuumCounts(_ e: Int, _ calibration: Calibration) -> Double? {
    let (map, haadf) = (data.maps[e], data.haadf)
    guard case .poisson(let declared) = map.noise, map.binning.fine == haadf.pictures.shape
    else { return nil }
    var (sum, count) = (0.0, 0.0)
    for block in map.pictures.blocks(Consistency.side) {
      guard let fine = haadf.pictures.seen(by: block, of: map) else { continue }
      let pixels = Double(fine.rows.count * fine.columns.count)
      let signal = haadf.pictures.sum(of: haadf.measurement, in: fine) - pixels * calibration.offset
      guard abs(signal) <= 3 * haadf.sigma * pixels.squareRoot() else { continue }
      sum += map.pictures.sum(of: map.measurement, in: block)
      count += Double(block.rows.count * block.columns.count * map.pixelCount)
    }
    guard count > 0 else { return nil }
    let mean = sum / count
    let isAbove = mean - declared > 5 * (mean / count).squareRoot() && mean > 1.1 * declared
    return isAbove ? mean : nil
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

  fileprivate func sum(of field: FloatStorage, in block: Block) -> Double {
    let values = field.span
    var sum = 0.0
    for row in block.rows {
      for column in block.columns {
        sum += Double(values[index(block.picture, row: row, column: column)])
      }
    }
    return sum
  }
}
