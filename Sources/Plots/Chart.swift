package import Foundation

/// A chart of lines and points, drawn as SVG.
package struct Chart: Sendable, Hashable {
  /// One direction of a chart.
  package struct Axis: Sendable, Hashable {
    package enum Scale: String, Sendable, Codable, CaseIterable { case linear, logarithmic }

    package var label: String
    package var scale: Scale
    /// From where to where the axis runs; `nil` leaves it to the points.
    package var limits: ClosedRange<Double>?

    /// - Parameter limits: not empty, and above zero where the axis is logarithmic.
    package init(_ label: String, scale: Scale = .linear, limits: ClosedRange<Double>? = nil) {
      if let limits {
        precondition(limits.lowerBound < limits.upperBound, "an axis has a length")
      }
      (self.label, self.scale, self.limits) = (label, scale, limits)
    }
  }

  package struct Point: Sendable, Hashable {
    package var x: Double
    package var y: Double

    package init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }
  }

  /// Points that belong together, in the order in which a line joins them.
  package struct Series: Sendable, Hashable {
    package enum Mark: String, Sendable, Codable, CaseIterable { case line, points, both }

    package var name: String
    package var points: [Point]
    package var mark: Mark

    package init(_ name: String, _ points: [Point], mark: Mark = .line) {
      (self.name, self.points, self.mark) = (name, points, mark)
    }

    /// Values over 1, 2, 3, …: the history of an iteration.
    package init(_ name: String, history: [Double]) {
      self.init(name, history.enumerated().map { Point(Double($0 + 1), $1) })
    }

    /// Values over 0, 1, 2, …
    package static func samples(_ name: String, _ values: [Double], mark: Mark = .line) -> Self {
      .init(name, values.enumerated().map { Point(Double($0), $1) }, mark: mark)
    }

    /// One list of values over another.
    package static func curve(
      _ name: String, _ x: [Double], _ y: [Double], mark: Mark = .line
    ) -> Self {
      .init(name, zip(x, y).map { Point($0, $1) }, mark: mark)
    }
  }

  /// A thin line across the chart at one value of an axis, with a word beside it.
  package struct Marker: Sendable, Hashable {
    package enum Direction: Sendable, Hashable { case vertical, horizontal }

    package var direction: Direction
    /// On the axis that the line crosses.
    package var value: Double
    package var label: String

    package init(_ direction: Direction, at value: Double, _ label: String = "") {
      (self.direction, self.value, self.label) = (direction, value, label)
    }
  }

  /// A ring about a point of the chart, with a word beside it.
  package struct Note: Sendable, Hashable {
    package var point: Point
    package var label: String

    package init(_ point: Point, _ label: String) { (self.point, self.label) = (point, label) }
  }

  package var title: String
  package var x: Axis
  package var y: Axis
  package var series: [Series]
  package var markers: [Marker] = []
  package var notes: [Note] = []
  /// In pixels of the screen.
  package var width = 720
  package var height = 420

  package init(_ title: String, x: Axis, y: Axis, series: [Series]) {
    (self.title, self.x, self.y, self.series) = (title, x, y, series)
  }

  /// A chart of the size that several fit beside each other.
  package static func panel(_ title: String, x: Axis, y: Axis, _ series: [Series]) -> Chart {
    var chart = Chart(title, x: x, y: y, series: series)
    (chart.width, chart.height) = (560, 360)
    return chart
  }

  /// The chart as the text of an SVG file.
  ///
  /// - Throws: ``PlotError`` where there is nothing to draw, or a point has no place.
  package func svg() throws(PlotError) -> String { try drawing().svg }

  /// What is to be drawn, once every point has a place.
  func drawing() throws(PlotError) -> ChartDrawing {
    guard series.contains(where: { !$0.points.isEmpty }) else { throw .noPoints(chart: title) }
    for line in series {
      for (index, point) in line.points.enumerated() { try check(point, line.name, index) }
    }
    for note in notes { try check(note.point, note.label, 0) }
    for marker in markers {
      let (axis, place) = (marker.direction == .vertical ? x : y, marker.value)
      try check(axis, place, marker.label, 0)
    }
    return ChartDrawing(self)
  }

  private func check(_ point: Point, _ name: String, _ index: Int) throws(PlotError) {
    try check(x, point.x, name, index)
    try check(y, point.y, name, index)
  }

  private func check(
    _ axis: Axis, _ value: Double, _ name: String, _ index: Int
  ) throws(PlotError) {
    guard abs(value) <= Self.largest else { throw .pointNotFinite(series: name, index: index) }
    guard axis.scale == .linear || value >= 1 / Self.largest
    else { throw .pointNotPositive(series: name, index: index, value: value) }
  }

  /// Beyond this number, and below its reciprocal, arithmetic would overflow.
  private static let largest = 1e300
}

extension Chart: Writable {
  package func contents() throws(PlotError) -> Data { try Data(svg().utf8) }
}
