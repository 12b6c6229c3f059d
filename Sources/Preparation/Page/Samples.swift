import Fields
import Statistics

/// Value by value, the median of its `reach` neighbours on either side, itself left out.
func neighbourMedians(_ values: [Double], reach: Int) -> [Double] {
  values.indices.map { i in
    let near = max(0, i - reach)...min(values.count - 1, i + reach)
    return upperMedian(near.filter { $0 != i }.map { values[$0] })
  }
}

extension Image {
  /// At most some 65 536 of the pixels, evenly spread and ascending.
  var sample: [Float] {
    evenPlaces(of: pixels.count, columnCount: columnCount, most: 65_536).map { pixels[$0] }.sorted()
  }
  /// Some 4 000 places.
  var secondDifferences: [SecondDifference] {
    SecondDifference.sample(rowCount: rowCount, columnCount: columnCount) { self[$0, $1] }
  }
  /// The page at about 256 pixels along its longer side: what comparing pages needs.
  var coarse: Image { binned(by: coarseFactor) }

  var coarseFactor: Int {
    min(max(1, (max(rowCount, columnCount) + 255) / 256), rowCount, columnCount)
  }
}
