package import Fields
package import Preparation

/// All pages of a series at one size, as splines above their own vacuum.
package struct Level: Sendable {
  /// Raw pixels along a side of one pixel.
  let factor: Int
  let pages: [SplinePage]
  let tilts: [Double]
  let rowCount: Int
  let columnCount: Int
  let workers: Workers

  /// - Parameter pages: of one size, tilt axis along the rows' direction, values that grow with thickness.
  package init(_ pages: [TiltPage], tilts: [Double], factor: Int, workers: Workers) {
    let (rows, columns) = (pages[0].rowCount, pages[0].columnCount)
    (rowCount, columnCount) = (rows / factor, columns / factor)
    (self.factor, self.tilts, self.workers) = (factor, tilts, workers)
    let offCentre = (
      row: Double(rows % factor) / Double(2 * factor),
      column: Double(columns % factor) / Double(2 * factor)
    )
    self.pages = workers.results(pages.count) { k in
      SplinePage(pages[k].binned(by: factor), offCentre: offCentre)
    }
  }

  /// The pages at placements that are in raw pixels.
  func placed(_ placements: [Placement]) -> [TiltPage] {
    workers.results(pages.count) { k in
      pages[k].placed(placements[k].scaled(by: 1 / Double(factor))).page
    }
  }

  /// Whether any page differs from a plain one.
  var hasContent: Bool { pages.contains { !$0.isPlain } }

  /// Pages as a series of slices.
  func series(_ pages: [TiltPage]) -> TiltSeries {
    let shape = TiltSeriesShape(
      tiltCount: pages.count, binCount: columnCount, sliceCount: rowCount)
    var series = TiltSeries(zeros: shape, tilts: tilts)
    let map = PageMap(shape.slabs, axis: .y)
    for (k, page) in pages.enumerated() {
      var span = series.projections.mutableSpan
      map.place(page.pixels.span, page: k, into: &span)
    }
    return series
  }

  /// The pages of a series.
  func pages(of series: TiltSeries) -> [TiltPage] {
    let map = PageMap(series.shape.slabs, axis: .y)
    return workers.results(series.shape.tiltCount) { k in
      var pixels = [Float](repeating: 0, count: rowCount * columnCount)
      var span = pixels.mutableSpan
      map.take(page: k, from: series.projections.span, into: &span)
      return TiltPage(pixels, columnCount: columnCount)
    }
  }
}
