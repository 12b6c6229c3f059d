package import Fields
import Inversion

/// All pages of a series at one size, as splines above their own vacuum.
package struct Level: Sendable {
  /// Raw pixels along a side of one pixel.
  let factor: Int
  let pages: [SplinePage]
  let tilts: [Double]
  /// Of placed pages.
  package private(set) var rowCount: Int
  package private(set) var columnCount: Int
  /// Times that binned pages were smoothed.
  let smoothing: Int
  /// The variance of white noise on binned pages before that, one a page.
  private(set) var noise: [Double] = []
  let workers: Workers

  /// - Parameters:
  ///   - pages: of one size, tilt axis along the rows' direction, values that grow with thickness.
  ///   - smoothing: times that binned pages are smoothed. A page that is moved by parts of a pixel is smoother than one that is
  ///     not, and is predicted better for no other reason.
  package init(
    _ pages: [Image], tilts: [Double], factor: Int, smoothing: Int = 0, workers: Workers
  ) {
    let (rows, columns) = (pages[0].rowCount, pages[0].columnCount)
    (rowCount, columnCount) = (rows / factor, columns / factor)
    (self.factor, self.tilts, self.smoothing, self.workers) = (factor, tilts, smoothing, workers)
    let offCentre = (
      row: Double(rows % factor) / Double(2 * factor),
      column: Double(columns % factor) / Double(2 * factor)
    )
    let binned = workers.results(pages.count) { pages[$0].binned(by: factor) }
    self.pages = workers.results(pages.count) { k in
      SplinePage(binned[k].smoothed(smoothing), offCentre: offCentre)
    }
    noise =
      NoiseEstimate(series(binned), workers: workers)?.perTilt.map { $0 * $0 }
      ?? binned.map { _ in 0 }
  }

  /// The pages at placements that are in raw pixels.
  func placed(_ placements: [Placement]) -> [Image] {
    workers.results(pages.count) { k in
      pages[k].placed(placements[k].scaled(by: 1 / Double(factor))).page
        .middle(rows: rowCount, columns: columnCount)
    }
  }

  /// The level whose placed pages are cut about their middle to what nine in ten raw pages cover after their shifts, two thirds of a side at
  /// least.
  ///
  /// A layer shows everywhere: where a raw page ends, its continued border would be taken for a part of it.
  package func covered(by placements: [Placement]) -> Level {
    var result = self
    func kept(_ count: Int, _ shifts: [Double]) -> Int {
      let sorted = shifts.map { abs($0) / Double(factor) }.sorted()
      let most = sorted[min(sorted.count - 1, sorted.count * 9 / 10)]
      return count - 2 * min(Int(most.rounded(.up)), count / 6)
    }
    let (rows, columns) = (pages[0].rowCount, pages[0].columnCount)
    result.rowCount = kept(rows, placements.map(\.along))
    result.columnCount = kept(columns, placements.map(\.across))
    return result
  }

  /// Whether any page differs from a plain one.
  var hasContent: Bool { pages.contains { !$0.isPlain } }

  /// Pages as a series of slices.
  func series(_ pages: [Image]) -> TiltSeries {
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
  func pages(of series: TiltSeries) -> [Image] {
    workers.results(series.shape.tiltCount) {
      Image(series.projections.span, series.shape.slabs, page: $0)
    }
  }
}

extension Image {
  /// The middle of the page; as much is cut at either side.
  fileprivate func middle(rows: Int, columns: Int) -> Image {
    guard rows < rowCount || columns < columnCount else { return self }
    let (top, left) = ((rowCount - rows) / 2, (columnCount - columns) / 2)
    return part(ImageRegion(rows: top..<top + rows, columns: left..<left + columns))
  }
}
