/// One picture of a tilt series, `[row][column]` as displayed.
public struct TiltPage: Sendable, Hashable {
  public var pixels: [Float]
  public let rowCount: Int
  public let columnCount: Int

  public init(_ pixels: [Float], columnCount: Int) {
    precondition(columnCount > 0 && pixels.count.isMultiple(of: columnCount), "rows differ")
    (self.pixels, self.columnCount) = (pixels, columnCount)
    rowCount = pixels.count / columnCount
  }

  public var size: PageSize { PageSize(rowCount: rowCount, columnCount: columnCount) }

  public subscript(row: Int, column: Int) -> Float {
    get { pixels[row * columnCount + column] }
    set { pixels[row * columnCount + column] = newValue }
  }

  /// Squares of `factor` × `factor` pixels as one, their mean; what does not fill a square is left out.
  public func binned(by factor: Int) -> TiltPage {
    squares(of: factor, weight: 1 / Double(factor * factor))
  }

  /// The same with their sum.
  func summed(by factor: Int) -> TiltPage { squares(of: factor, weight: 1) }

  private func squares(of factor: Int, weight: Double) -> TiltPage {
    precondition(factor > 0 && factor <= min(rowCount, columnCount), "a square does not fit")
    guard factor > 1 else { return self }
    let (rows, columns) = (rowCount / factor, columnCount / factor)
    var result = [Float](repeating: 0, count: rows * columns)
    var sums = [Double](repeating: 0, count: columns)
    for row in 0..<rows {
      for column in sums.indices { sums[column] = 0 }
      for i in 0..<factor {
        let start = (row * factor + i) * columnCount
        for column in 0..<columns {
          for j in 0..<factor { sums[column] += Double(pixels[start + column * factor + j]) }
        }
      }
      for column in 0..<columns { result[row * columns + column] = Float(sums[column] * weight) }
    }
    return TiltPage(result, columnCount: columns)
  }

  /// The page at about 256 pixels along its longer side: what comparing pages needs.
  var coarse: TiltPage { binned(by: coarseFactor) }

  var coarseFactor: Int {
    min(max(1, (max(rowCount, columnCount) + 255) / 256), rowCount, columnCount)
  }
}

/// A rectangle of pixels, counted from 0 at the top left.
public struct PixelRegion: Sendable, Hashable {
  public let rows: Range<Int>
  public let columns: Range<Int>

  public init(rows: Range<Int>, columns: Range<Int>) { (self.rows, self.columns) = (rows, columns) }

  /// `column,row,width,height`
  public var description: String {
    "\(columns.lowerBound),\(rows.lowerBound),\(columns.count),\(rows.count)"
  }
}

extension TiltPage {
  /// The mean of the pixels in a region that lies within the page.
  func mean(in region: PixelRegion) -> Double {
    var sum = 0.0
    for row in region.rows {
      for column in region.columns { sum += Double(self[row, column]) }
    }
    return sum / Double(region.rows.count * region.columns.count)
  }

  var mean: Double { mean(in: whole) }

  var whole: PixelRegion { PixelRegion(rows: 0..<rowCount, columns: 0..<columnCount) }
}
