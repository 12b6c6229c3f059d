/// The SVG of a chart whose points have been checked.
struct ChartDrawing {
  let width: Int
  let height: Int
  /// What lies on the white ground.
  private(set) var elements: [String] = []

  var svg: String { Self.document(width: width, height: height, elements) }

  /// Colours that people with any colour vision can tell apart, without the pale yellow.
  ///
  /// Source: M. Okabe and K. Ito, Color Universal Design (2008).
  private static let colours = [
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000",
  ]
  private static let dashes = ["", "8 3", "2 3", "8 3 2 3", "14 4"]

  init(_ chart: Chart) {
    let legendWidth =
      chart.series.count > 1 ? 52 + 8 * (chart.series.map(\.name.count).max() ?? 0) : 20
    let frame = Frame(
      left: 72, top: chart.title.isEmpty ? 16 : 38, right: chart.width - legendWidth,
      bottom: chart.height - 52)
    let points = chart.series.flatMap(\.points) + chart.notes.map(\.point)
    func marked(_ direction: Chart.Marker.Direction) -> [Double] {
      chart.markers.filter { $0.direction == direction }.map(\.value)
    }
    let x = AxisMap(chart.x, values: points.map(\.x) + marked(.vertical))
    let y = AxisMap(chart.y, values: points.map(\.y) + marked(.horizontal))
    (width, height) = (chart.width, chart.height)

    var lines: [String] = []
    if !chart.title.isEmpty {
      lines.append(
        text(chart.title, x: frame.middle, y: 22, anchor: "middle", more: #" font-size="14""#))
    }
    for tick in x.ticks {
      let place = frame.x(x.fraction(tick.value))
      lines.append(rule(place, "\(frame.top)", place, "\(frame.bottom)"))
      lines.append(text(tick.label, x: place, y: frame.bottom + 16, anchor: "middle"))
    }
    for tick in y.ticks {
      let place = frame.y(y.fraction(tick.value))
      lines.append(rule("\(frame.left)", place, "\(frame.right)", place))
      lines.append(
        text(tick.label, x: "\(frame.left - 6)", y: place, anchor: "end", more: #" dy="4""#))
    }
    lines.append(
      """
      <rect x="\(frame.left)" y="\(frame.top)" width="\(frame.width)" height="\(frame.height)" \
      fill="none" stroke="black"/>
      """)
    lines.append(text(chart.x.label, x: frame.middle, y: frame.bottom + 38, anchor: "middle"))
    lines.append(
      text(
        chart.y.label, x: "0", y: "0", anchor: "middle",
        more: #" transform="translate(18 \#((frame.top + frame.bottom) / 2)) rotate(-90)""#))

    for marker in chart.markers {
      lines += frame.lines(marker, (marker.direction == .vertical ? x : y).fraction(marker.value))
    }
    // Points are cut off at the frame only where limits were asked for.
    let isCut = chart.x.limits != nil || chart.y.limits != nil
    let place =
      #"x="\#(frame.left)" y="\#(frame.top)" width="\#(frame.width)" height="\#(frame.height)""#
    let opening = """
      <svg \(place) viewBox="\(frame.left) \(frame.top) \(frame.width) \(frame.height)" \
      overflow="\(isCut ? "hidden" : "visible")">
      """
    for (index, series) in chart.series.enumerated() {
      let places = series.points.map {
        (x: frame.x(x.fraction($0.x)), y: frame.y(y.fraction($0.y)))
      }
      lines.append(opening)
      lines += marks(series.mark, index, places)
      lines.append("</svg>")
      guard chart.series.count > 1 else { continue }
      let (start, level) = (frame.right + 10, frame.top + 12 + 18 * index)
      let sample = series.mark == .points ? [start + 14] : [start, start + 28]
      lines += marks(series.mark, index, sample.map { ("\($0)", "\(level)") })
      lines.append(text(series.name, x: "\(start + 34)", y: level + 4, anchor: "start"))
    }
    for note in chart.notes {
      lines += frame.lines(note, (x.fraction(note.point.x), y.fraction(note.point.y)))
    }
    elements = lines
  }

  /// An SVG file with the given elements on white.
  static func document(width: Int, height: Int, _ elements: [String]) -> String {
    let head = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)" font-family="sans-serif" font-size="12">
      <!-- generator: voxtilt -->
      <rect width="100%" height="100%" fill="white"/>
      """
    return ([head] + elements + ["</svg>\n"]).joined(separator: "\n")
  }

  /// The field in which points lie, in pixels.
  private struct Frame {
    let (left, top, right, bottom): (Int, Int, Int, Int)
    var width: Int { right - left }
    var height: Int { bottom - top }
    var middle: String { "\((left + right) / 2)" }
    func x(_ fraction: Double) -> String { hundredths(Double(left) + fraction * Double(width)) }
    func y(_ fraction: Double) -> String { hundredths(Double(bottom) - fraction * Double(height)) }
    private func hundredths(_ value: Double) -> String { plain((value * 100).rounded() / 100) }

    /// A marker, where it lies within the frame.
    func lines(_ marker: Chart.Marker, _ fraction: Double) -> [String] {
      guard 0...1 ~= fraction else { return [] }
      let isVertical = marker.direction == .vertical
      let place = isVertical ? x(fraction) : y(fraction)
      let ends =
        isVertical ? (place, "\(top)", place, "\(bottom)") : ("\(left)", place, "\(right)", place)
      let line =
        #"<line x1="\#(ends.0)" y1="\#(ends.1)" x2="\#(ends.2)" y2="\#(ends.3)" stroke="dimgray""#
        + #" stroke-dasharray="4 3"/>"#
      guard !marker.label.isEmpty else { return [line] }
      // To the side with more room.
      let isLate = fraction > 0.6
      let words =
        isVertical
        ? text(
          marker.label, x: place, y: top + 14, anchor: isLate ? "end" : "start",
          more: #" dx="\#(isLate ? -4 : 4)""#)
        : text(
          marker.label, x: "\(right - 4)", y: place, anchor: "end",
          more: #" dy="\#(fraction > 0.93 ? 14 : -4)""#)
      return [line, words]
    }

    func lines(_ note: Chart.Note, _ fraction: (x: Double, y: Double)) -> [String] {
      guard 0...1 ~= fraction.x && 0...1 ~= fraction.y else { return [] }
      let ring =
        #"<circle cx="\#(x(fraction.x))" cy="\#(y(fraction.y))" r="5" fill="none" stroke="black"/>"#
      guard !note.label.isEmpty else { return [ring] }
      let isLate = fraction.x > 0.85
      let words = text(
        note.label, x: x(fraction.x), y: y(fraction.y), anchor: isLate ? "end" : "start",
        more: #" dx="\#(isLate ? -8 : 8)" dy="\#(fraction.y > 0.9 ? 16 : -6)""#)
      return [ring, words]
    }
  }
}

/// A line through `places`, points on them, or both, in the manner of series `index`.
private func marks(
  _ mark: Chart.Series.Mark, _ index: Int, _ places: [(x: String, y: String)]
) -> [String] {
  let colour = ChartDrawing.colour(index)
  var lines: [String] = []
  if mark != .points {
    let path = places.map { "\($0.x),\($0.y)" }.joined(separator: " ")
    lines.append(
      #"<polyline points="\#(path)" fill="none" stroke="\#(colour)" stroke-width="1.8""#
        + ChartDrawing.dash(index) + "/>")
  }
  if mark != .line {
    lines += places.map { ChartDrawing.dot(index, x: $0.x, y: $0.y, colour) }
  }
  return lines
}

private func rule(_ x1: String, _ y1: String, _ x2: String, _ y2: String) -> String {
  #"<line x1="\#(x1)" y1="\#(y1)" x2="\#(x2)" y2="\#(y2)" stroke="gainsboro"/>"#
}

func text(
  _ words: String, x: String, y: some CustomStringConvertible, anchor: String, more: String = ""
) -> String {
  let safe = words.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
    .replacing(">", with: "&gt;")
  return #"<text x="\#(x)" y="\#(y)" text-anchor="\#(anchor)"\#(more)>\#(safe)</text>"#
}

extension ChartDrawing {
  fileprivate static func colour(_ index: Int) -> String { colours[index % colours.count] }

  /// A disc, square, triangle or diamond, so that points are told apart without colour.
  fileprivate static func dot(_ index: Int, x: String, y: String, _ colour: String) -> String {
    let outline =
      switch index % 4 {
      case 0: "m-3,0a3,3 0 1 0 6,0a3,3 0 1 0 -6,0z"
      case 1: "m-2.7,-2.7h5.4v5.4h-5.4z"
      case 2: "m0,-3.6l3.4,6h-6.8z"
      default: "m0,-3.8l3.4,3.8l-3.4,3.8l-3.4,-3.8z"
      }
    return #"<path d="M\#(x),\#(y)\#(outline)" fill="\#(colour)"/>"#
  }

  fileprivate static func dash(_ index: Int) -> String {
    let dash = dashes[index % dashes.count]
    return dash.isEmpty ? "" : #" stroke-dasharray="\#(dash)""#
  }
}
