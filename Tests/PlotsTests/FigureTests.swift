import Plots
import Testing

@Suite("Figure")
struct FigureTests {
  private func chart(width: Int, height: Int) -> Chart {
    var chart = Chart(
      "a & b", x: .init("x"), y: .init("y"), series: [.init("s", [.init(0, 0), .init(1, 1)])])
    (chart.width, chart.height) = (width, height)
    return chart
  }

  @Test("parts stand in rows, a column as wide and a row as high as its largest part")
  func places() throws {
    let figure = Figure(
      "Three", columnCount: 2,
      [
        .chart(chart(width: 300, height: 200)), .chart(chart(width: 400, height: 250)),
        .chart(chart(width: 320, height: 150)),
      ])
    let svg = try figure.svg()
    #expect(XMLReader(svg).isWellFormed)
    #expect(svg.contains(#"<svg xmlns="http://www.w3.org/2000/svg" width="720" height="432""#))
    // The narrower of a column stands in its middle, below a headline of 32 pixels.
    #expect(svg.contains(#"<svg x="10" y="32" width="300" height="200">"#))
    #expect(svg.contains(#"<svg x="320" y="32" width="400" height="250">"#))
    #expect(svg.contains(#"<svg x="0" y="282" width="320" height="150">"#))
    #expect(XMLReader(svg).texts.filter { $0 == "a & b" }.count == 3)
  }

  @Test("a picture lies in the file, magnified and under its caption")
  func picture() throws {
    let panel = Panel(Picture(width: 8, height: 4, shade: 128), caption: "x < y")
    let svg = try Figure("", columnCount: 1, [.picture(panel, magnification: 5)]).svg()
    #expect(XMLReader(svg).isWellFormed && XMLReader(svg).texts == ["x < y"])
    #expect(svg.contains(#"width="40" height="20" image-rendering="pixelated""#))
    #expect(svg.contains(#"href="data:image/png;base64,iVBORw0KGgo"#))
  }

  @Test("a chart without points is named in the error")
  func empty() {
    let bare = Chart("bare", x: .init("x"), y: .init("y"), series: [])
    #expect(throws: PlotError.noPoints(chart: "bare")) {
      try Figure("", columnCount: 1, [.chart(bare)]).svg()
    }
  }
}
