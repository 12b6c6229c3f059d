package import Plots

extension SeriesAlignment {
  /// An alignment on one sheet: shifts, agreement and every curve that was searched.
  ///
  /// - Parameter tilts: degrees, one per page.
  package func figure(tilts: [Double]) -> Figure {
    let order = tilts.indices.sorted { tilts[$0] < tilts[$1] }
    func line(_ name: String, _ value: (Int) -> Double) -> Chart.Series {
      Chart.Series(name, order.map { Chart.Point(tilts[$0], value($0)) }, mark: .both)
    }
    let agreement = correlations.isEmpty ? [] : [line("correlation") { correlations[$0] }]
    var charts = [
      Chart(
        "Shifts", x: .init("tilt / °"), y: .init("pixels"),
        series: [
          line("across the axis") { placements[$0].across },
          line("along the axis") { placements[$0].along },
        ]),
      Chart(
        "Agreement with the other tilts", x: .init("tilt / °"),
        y: .init("correlation"), series: agreement),
    ]
    if rounds.count > 1 {
      charts.append(
        Chart(
          "Projection matching", x: .init("round"), y: .init("held-out error"),
          series: [Chart.Series("held-out error", history: rounds.map(\.heldOutError))]))
    }
    for curve in curves {
      let points = zip(curve.values, curve.scores).map { Chart.Point($0, $1) }
      var chart = Chart(
        curve.name, x: .init(curve.name), y: .init("score, lower is better"),
        series: [Chart.Series("score", points, mark: .both)])
      chart.markers = [Chart.Marker(.vertical, at: curve.best, "best")]
      charts.append(chart)
    }
    let parts = charts.map { chart -> Figure.Part in
      var chart = chart
      (chart.width, chart.height) = (420, 260)
      return .chart(chart)
    }
    return Figure("Alignment", columnCount: 3, parts)
  }
}
