public import Foundation

/// A chart of lines and points, drawn as SVG.
public struct Chart: Sendable, Hashable {
  /// One direction of a chart.
  public struct Axis: Sendable, Hashable {
    public enum Scale: String, Sendable, Codable, CaseIterable { case linear, logarithmic }

    public var label: String
    public var scale: Scale
    /// From where to where the axis runs; `nil` leaves it to the points.
    public var limits: ClosedRange<Double>?

    /// - Parameter limits: not empty, and above zero where the axis is logarithmic.
    public init(_ label: String, scale: Scale = .linear, limits: ClosedRange<Double>? = nil) {
      if let limits {
        precondition(limits.lowerBound < limits.upperBound, "an axis has a length")
      }
      (self.label, self.scale, self.limits) = (label, scale, limits)
    }
  }

  public struct Point: Sendable, Hashable {
    public var x: Double
    public var y: Double

    public init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }
  }

  /// Points that belong together, in the order in which a line joins them.
  public struct Series: Sendable, Hashable {
    public enum Mark: String, Sendable, Codable, CaseIterable { case line, points, both }

    public var name: String
    public var points: [Point]
    public var mark: Mark

    public init(_ name: String, _ points: [Point], mark: Mark = .line) {
      (self.name, self.points, self.mark) = (name, points, mark)
    }

    /// Values over 1, 2, 3, …: the history of an iteration.
    public init(_ name: String, history: [Double]) {
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
  public struct Marker: Sendable, Hashable {
    public enum Direction: Sendable, Hashable { case vertical, horizontal }

    public var direction: Direction
    /// On the axis that the line crosses.
    public var value: Double
    public var label: String

    public init(_ direction: Direction, at value: Double, _ label: String = "") {
      (self.direction, self.value, self.label) = (direction, value, label)
    }
  }

  /// A ring about a point of the chart, with a word beside it.
  public struct Note: Sendable, Hashable {
    public var point: Point
    public var label: String

    public init(_ point: Point, _ label: String) { (self.point, self.label) = (point, label) }
  }

  public var title: String
  public var x: Axis
  public var y: Axis
  public var series: [Series]
  public var markers: [Marker] = []
  public var notes: [Note] = []
  /// In pixels of the screen.
  public var width = 720
  public var height = 420

  public init(_ title: String, x: Axis, y: Axis, series: [Series]) {
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
  public func svg() throws(PlotError) -> String { try drawing().svg }

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
  public func contents() throws(PlotError) -> Data { try Data(svg().utf8) }
}
