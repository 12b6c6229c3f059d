/// An image, `[row][column]` as displayed, the top row first.
public struct Image: Sendable, Hashable {
  /// All pixels, row by row; the count must stay `rowCount · columnCount`.
  public var pixels: [Float]
  /// Pixels from top to bottom.
  public let rowCount: Int
  /// Pixels from left to right.
  public let columnCount: Int

  /// Takes pixels row by row; their number must be a multiple of `columnCount`.
  public init(_ pixels: [Float], columnCount: Int) {
    precondition(columnCount > 0 && pixels.count.isMultiple(of: columnCount), "rows differ")
    (self.pixels, self.columnCount) = (pixels, columnCount)
    rowCount = pixels.count / columnCount
  }

  /// Page `page` (a tilt of a series, a z of a volume) of a field, with slices as rows and positions as columns.
  public init(_ field: Span<Float>, _ shape: SlabShape, page: Int = 0) {
    var pixels = [Float](repeating: 0, count: shape.sliceCount * shape.positionCount)
    var values = pixels.mutableSpan
    PageMap(shape, axis: .y).take(page: page, from: field, into: &values)
    self.init(pixels, columnCount: shape.positionCount)
  }

  package var size: ImageSize { ImageSize(rowCount: rowCount, columnCount: columnCount) }

  /// The pixel in `row` from the top and `column` from the left, both counted from 0.
  @inlinable public subscript(row: Int, column: Int) -> Float {
    get { pixels[row * columnCount + column] }
    set { pixels[row * columnCount + column] = newValue }
  }

  /// The pixels of a region that lies within the image.
  package func part(_ region: ImageRegion) -> Image {
    var part: [Float] = []
    part.reserveCapacity(region.pixelCount)
    for row in region.rows {
      let start = row * columnCount
      part += pixels[start + region.columns.lowerBound..<start + region.columns.upperBound]
    }
    return Image(part, columnCount: region.columns.count)
  }

  /// The mean of the pixels in a region that lies within the image.
  package func mean(in region: ImageRegion) -> Double {
    var sum = 0.0
    for row in region.rows {
      for column in region.columns { sum += Double(self[row, column]) }
    }
    return sum / Double(region.pixelCount)
  }

  package var mean: Double { mean(in: size.whole) }

  /// The means of squares of `factor` × `factor` pixels; rows and columns that do not fill a square are left out.
  ///
  /// - Precondition: `factor` is at least 1 and no larger than either side.
  public func binned(by factor: Int) -> Image {
    squares(of: factor, weight: 1 / Double(factor * factor))
  }

  /// The sums of the same squares.
  package func summed(by factor: Int) -> Image { squares(of: factor, weight: 1) }

  private func squares(of factor: Int, weight: Double) -> Image {
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
    return Image(result, columnCount: columns)
  }
}

/// Rows and columns of an image.
public struct ImageSize: Sendable, Hashable {
  package let rowCount: Int
  package let columnCount: Int

  package init(rowCount: Int, columnCount: Int) {
    (self.rowCount, self.columnCount) = (rowCount, columnCount)
  }

  package var whole: ImageRegion { ImageRegion(rows: 0..<rowCount, columns: 0..<columnCount) }

  package func contains(_ region: ImageRegion) -> Bool {
    region.pixelCount > 0 && region.rows.lowerBound >= 0 && region.rows.upperBound <= rowCount
      && region.columns.lowerBound >= 0 && region.columns.upperBound <= columnCount
  }
}

/// A rectangle of pixels, counted from 0 at the top left.
public struct ImageRegion: Sendable, Hashable {
  package let rows: Range<Int>
  package let columns: Range<Int>

  package init(rows: Range<Int>, columns: Range<Int>) {
    (self.rows, self.columns) = (rows, columns)
  }

  package var pixelCount: Int { rows.count * columns.count }

  /// `column,row,width,height`
  package var description: String {
    "\(columns.lowerBound),\(rows.lowerBound),\(columns.count),\(rows.count)"
  }
}
