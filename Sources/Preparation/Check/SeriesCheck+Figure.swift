package import Fields
package import Plots

extension Image {
  /// In grey, at most about 300 pixels along a side.
  package var thumbnail: Picture {
    let factor = max(1, (max(rowCount, columnCount) + 299) / 300)
    let small = binned(by: min(factor, rowCount, columnCount))
    return Picture(
      small.pixels.span, width: small.columnCount,
      limits: GreyScale.standard.limits(for: small.pixels.span))
  }
}

extension SeriesCheck {
  /// A check on one sheet: some pages of the series and what every page shows, over its tilt.
  ///
  /// - Parameters:
  ///   - name: of the series.
  ///   - tilts: degrees, one per page.
  package func figure(
    of name: String, tilts: [Double], pixelCount: Int, _ shown: [(page: Int, picture: Picture)]
  ) -> Figure {
    var parts: [Figure.Part] = shown.map { page, picture in
      .picture(
        Panel(picture, caption: "page \(page + 1), \((tilts[page] * 100).rounded() / 100)°"),
        magnification: 1)
    }
    func line(_ name: String, _ points: [Chart.Point]) -> Chart.Series {
      Chart.Series(name, points.sorted { $0.x < $1.x }, mark: .both)
    }
    func line(_ name: String, _ values: [Double]) -> Chart.Series {
      line(name, zip(tilts, values).map { Chart.Point($0, $1) })
    }
    func line(_ name: String, _ part: (Offset) -> Double) -> Chart.Series {
      line(name, offsets.map { Chart.Point(tilts[$0.page - 1], part($0)) })
    }
    let charts: [(String, String, [Chart.Series])] = [
      ("Exposure", "mean above vacuum", [line("mean", pages.map(\.total))]),
      ("Sharpness", "gradient / range", [line("sharpness", pages.map(\.sharpness))]),
      (
        "Spikes", "% of pixels",
        [
          line(
            "spikes",
            pages.map { 100 * Double($0.brightSpikes + $0.darkSpikes) / Double(pixelCount) })
        ]
      ),
      ("Vacuum", "level", [line("vacuum", pages.map(\.vacuum))]),
      ("Centre of mass, across the axis", "pixels", [line("across", \.across)]),
      ("Centre of mass, along the axis", "pixels", [line("along", \.along)]),
    ]
    for (title, label, series) in charts {
      var chart = Chart(title, x: .init("tilt / °"), y: .init(label), series: series)
      (chart.width, chart.height) = (420, 240)
      parts.append(.chart(chart))
    }
    return Figure("\(name): \(worst.rawValue)", columnCount: 3, parts)
  }
}
