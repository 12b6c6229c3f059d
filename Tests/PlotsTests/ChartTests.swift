import Foundation
import Plots
import Testing

@Suite("Chart")
struct ChartTests {
  private func chart(_ points: [Chart.Point], scale: Chart.Axis.Scale = .linear) -> Chart {
    Chart(
      "Misfit & bias", x: .init("iteration"), y: .init("‖r‖ < 1", scale: scale),
      series: [.init("SIRT", points), .init("CGLS", points, mark: .both)])
  }

  @Test("the SVG is well-formed and holds every label")
  func wellFormed() throws {
    let svg = try chart([.init(0, 1), .init(10, 3)]).svg()
    let reader = XMLReader(svg)
    #expect(reader.isWellFormed)
    for label in ["Misfit & bias", "iteration", "‖r‖ < 1", "SIRT", "CGLS", "0", "10", "1", "3"] {
      #expect(reader.texts.contains(label), "\(label)")
    }
  }

  @Test("series differ in colour and in dashes")
  func palette() throws {
    let svg = try chart([.init(0, 1), .init(10, 3)]).svg()
    #expect(svg.contains(##"stroke="#0072B2" stroke-width="1.8"/>"##))
    #expect(svg.contains(##"stroke="#D55E00" stroke-width="1.8" stroke-dasharray="8 3"/>"##))
  }

  @Test("points of different series differ in shape, and stand at their places")
  func shapes() throws {
    var chart = Chart(
      "", x: .init("x", limits: -1...1), y: .init("y", limits: 1...5),
      series: (0..<5).map { .init("\($0)", [.init(0, 3)], mark: .points) })
    (chart.width, chart.height) = (352, 168)
    let paths = try chart.svg().matches(of: /<path d="M182,66([^"]*)"/).map { String($0.output.1) }
    #expect(paths.count == 5 && Set(paths).count == 4 && paths[0] == paths[4])
  }

  @Test("points lie where the axes say")
  func places() throws {
    var chart = Chart(
      "", x: .init("x", limits: -1...1), y: .init("y", limits: 1...5),
      series: [.init("a", [.init(-1, 1), .init(0, 3), .init(1, 5)])])
    // The frame runs from 72 to 272 and from 16 to 116.
    (chart.width, chart.height) = (292, 168)
    #expect(try chart.svg().contains(#"points="72,116 172,66 272,16""#))
  }

  @Test("logarithmic ticks are decades, or 1, 2 and 5 where decades are few")
  func logarithmicTicks() throws {
    let many = XMLReader(try chart([.init(0, 2e-6), .init(1, 30)], scale: .logarithmic).svg())
    for label in ["1e-6", "1e-5", "0.0001", "0.001", "0.01", "0.1", "1", "10", "100"] {
      #expect(many.texts.contains(label), "\(label)")
    }
    let few = XMLReader(try chart([.init(0, 3), .init(1, 40)], scale: .logarithmic).svg())
    for label in ["2", "5", "10", "20", "50"] { #expect(few.texts.contains(label), "\(label)") }
  }

  @Test("linear ticks print as short as they are")
  func linearTicks() throws {
    let reader = XMLReader(try chart([.init(0, 0.1), .init(1, 0.7)]).svg())
    for label in ["0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7"] {
      #expect(reader.texts.contains(label), "\(label)")
    }
  }

  @Test(
    "whatever the numbers, a chart comes out",
    arguments: Chart.Axis.Scale.allCases,
    [
      (5, 5), (1e-9, 1e-9), (1e9, 1e9 + 1e-6), (1e-300, 2e-300), (1e-300, 1e300), (1e300, 1e300),
      (0.1, 0.1 + 1e-16), (3, 3.1), (9.99, 10.01), (1e15, 1e15 + 2),
    ] as [(Double, Double)])
  func anyRange(scale: Chart.Axis.Scale, range: (Double, Double)) throws {
    let svg = try chart([.init(1, range.0), .init(1, range.1)], scale: scale).svg()
    #expect(!svg.contains("nan") && !svg.contains("inf"))
    #expect(XMLReader(svg).texts.count > 6)
  }

  @Test("zero and negative numbers have a linear axis", arguments: [0.0, -3, -1e300])
  func notPositive(value: Double) throws {
    let svg = try chart([.init(1, 0), .init(1, value)]).svg()
    #expect(!svg.contains("nan") && !svg.contains("inf"))
  }

  @Test("points without a place are named in the error")
  func errors() {
    #expect(throws: PlotError.noPoints(chart: "Misfit & bias")) { try chart([]).svg() }
    #expect(throws: PlotError.pointNotFinite(series: "SIRT", index: 1)) {
      try chart([.init(0, 1), .init(1, .nan)]).svg()
    }
    #expect(throws: PlotError.pointNotPositive(series: "SIRT", index: 0, value: 0)) {
      try chart([.init(0, 0)], scale: .logarithmic).svg()
    }
  }

  @Test("large ticks are powers of ten, not rows of zeros")
  func largeNumbers() throws {
    let svg = try chart([.init(0, 2e6), .init(10, 3e7)]).svg()
    let texts = XMLReader(svg).texts
    for label in ["5e6", "1e7", "2.5e7", "3e7"] { #expect(texts.contains(label), "\(label)") }
  }

  @Test("markers and notes lie where the axes say, and stretch them")
  func markers() throws {
    var chart = Chart(
      "", x: .init("x", limits: 0...1), y: .init("y", limits: 0...4),
      series: [.init("a", [.init(0, 0), .init(1, 4)])])
    // The frame runs from 72 to 272 and from 16 to 116.
    (chart.width, chart.height) = (292, 168)
    chart.markers = [.init(.vertical, at: 0.5, "half"), .init(.horizontal, at: 1)]
    chart.notes = [.init(.init(0.25, 3), "here")]
    let svg = try chart.svg()
    #expect(svg.contains(#"<line x1="172" y1="16" x2="172" y2="116" stroke="dimgray""#))
    #expect(svg.contains(#"<line x1="72" y1="91" x2="272" y2="91" stroke="dimgray""#))
    #expect(svg.contains(#"<circle cx="122" cy="41" r="5""#))
    #expect(XMLReader(svg).texts.filter { ["half", "here"].contains($0) }.count == 2)
    (chart.x.limits, chart.y.limits) = (nil, nil)
    chart.markers = [.init(.horizontal, at: 9, "far")]
    #expect(XMLReader(try chart.svg()).texts.contains("8"))
    chart.y.limits = 0...4
    #expect(!XMLReader(try chart.svg()).texts.contains("far"))
  }

  @Test("a marker without a place is named in the error")
  func markerErrors() {
    var marked = chart([.init(0, 1)], scale: .logarithmic)
    marked.markers = [.init(.horizontal, at: 0, "zero")]
    #expect(throws: PlotError.pointNotPositive(series: "zero", index: 0, value: 0)) {
      try marked.svg()
    }
    marked.markers = []
    marked.notes = [.init(.init(.nan, 1), "nowhere")]
    #expect(throws: PlotError.pointNotFinite(series: "nowhere", index: 0)) { try marked.svg() }
  }
}
