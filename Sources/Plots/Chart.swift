import Foundation

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
  }

  public var title: String
  public var x: Axis
  public var y: Axis
  public var series: [Series]
  /// In pixels of the screen.
  public var width = 720
  public var height = 420

  public init(_ title: String, x: Axis, y: Axis, series: [Series]) {
    (self.title, self.x, self.y, self.series) = (title, x, y, series)
  }

  /// The chart as the text of an SVG file.
  ///
  /// - Throws: ``PlotError`` where there is nothing to draw, or a point has no place.
  public func svg() throws(PlotError) -> String {
    guard series.contains(where: { !$0.points.isEmpty }) else { throw .noPoints(chart: title) }
    for line in series {
      for (index, point) in line.points.enumerated() {
        guard abs(point.x) <= Self.largest && abs(point.y) <= Self.largest
        else { throw .pointNotFinite(series: line.name, index: index) }
        for (axis, value) in [(x, point.x), (y, point.y)]
        where axis.scale == .logarithmic && value < 1 / Self.largest {
          throw .pointNotPositive(series: line.name, index: index, value: value)
        }
      }
    }
    return ChartDrawing(self).svg
  }

  /// Beyond this number, and below its reciprocal, arithmetic would overflow.
  private static let largest = 1e300

  /// Writes the chart as SVG, beside `path` first and then under its name.
  ///
  /// - Throws: ``PlotError`` where it cannot be drawn or written.
  public func write(to path: String) throws(PlotError) {
    try Data(svg().utf8).write(whole: path)
  }
}
