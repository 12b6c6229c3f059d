import Alignment
import Plots

/// An alignment on one sheet: shifts, agreement and every curve that was searched.
struct AlignmentPicture {
  let record: AlignmentRecord

  init(_ record: AlignmentRecord) { self.record = record }

  var figure: Figure {
    let pages = record.pages.sorted { $0.tilt < $1.tilt }
    func line(_ name: String, _ value: (AlignmentRecord.Page) -> Double?) -> Chart.Series {
      Chart.Series(
        name, pages.compactMap { page in value(page).map { Chart.Point(page.tilt, $0) } },
        mark: .both)
    }
    var charts = [
      Chart(
        "Shifts", x: .init("tilt / °"), y: .init("pixels"),
        series: [line("across the axis", \.across), line("along it", \.along)]),
      Chart(
        "Agreement with the other tilts", x: .init("tilt / °"),
        y: .init("correlation"), series: [line("correlation", \.correlation)]),
    ]
    if record.rounds.count > 1 {
      charts.append(
        Chart(
          "Projection matching", x: .init("round"), y: .init("held-out error"),
          series: [Chart.Series("held-out error", history: record.rounds.map(\.heldOutError))]))
    }
    for curve in record.curves {
      let points = zip(curve.values, curve.scores).map { Chart.Point($0, $1) }
      var chart = Chart(
        curve.name, x: .init(curve.name), y: .init("score, less is better"),
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
