package import Foundation

/// Charts and pictures in rows, drawn as one SVG.
package struct Figure: Sendable, Hashable {
  /// One part of a figure.
  package enum Part: Sendable, Hashable {
    case chart(Chart)
    /// A picture under its caption, each pixel a square of this many pixels of the screen.
    case picture(Panel, magnification: Int)
  }

  package var title: String
  package var parts: [Part]
  /// Parts beside each other.
  package var columnCount: Int

  package init(_ title: String, columnCount: Int, _ parts: [Part]) {
    precondition(!parts.isEmpty && columnCount > 0, "a figure has at least one part")
    (self.title, self.parts, self.columnCount) = (title, parts, columnCount)
  }

  /// The figure as the text of an SVG file. A column is as wide and a row as high
  /// as its largest part, and narrower parts stand in the middle.
  ///
  /// - Throws: ``PlotError`` where a chart cannot be drawn.
  package func svg() throws(PlotError) -> String {
    var cells: [(width: Int, height: Int, elements: [String])] = []
    for part in parts { cells.append(try Self.cell(part)) }
    let columns = min(columnCount, cells.count)
    let rows = (cells.count + columns - 1) / columns
    let widths = (0..<columns).map { column in
      stride(from: column, to: cells.count, by: columns).map { cells[$0].width }.max() ?? 0
    }
    let heights = (0..<rows).map { row in
      cells[row * columns..<min(cells.count, (row + 1) * columns)].map(\.height).max() ?? 0
    }
    let headline = title.isEmpty ? 0 : 32
    let width = widths.reduce(0, +)
    var elements: [String] = []
    if !title.isEmpty {
      elements.append(
        text(
          title, x: "\(width / 2)", y: 22, anchor: "middle",
          more: #" font-size="15" font-weight="bold""#))
    }
    for (index, cell) in cells.enumerated() {
      let (row, column) = (index / columns, index % columns)
      let left = widths.prefix(column).reduce(0, +) + (widths[column] - cell.width) / 2
      let top = headline + heights.prefix(row).reduce(0, +)
      elements.append(
        #"<svg x="\#(left)" y="\#(top)" width="\#(cell.width)" height="\#(cell.height)">"#)
      elements += cell.elements
      elements.append("</svg>")
    }
    return ChartDrawing.document(
      width: width, height: headline + heights.reduce(0, +), elements)
  }

  private static func cell(
    _ part: Part
  ) throws(PlotError) -> (width: Int, height: Int, elements: [String]) {
    switch part {
    case .chart(let chart):
      let drawing = try chart.drawing()
      return (drawing.width, drawing.height, drawing.elements)
    case .picture(let panel, let magnification):
      precondition(magnification > 0, "a magnification is at least one")
      let margin = 16
      let (width, height) = (
        panel.picture.width * magnification, panel.picture.height * magnification
      )
      let data = try panel.picture.png().base64EncodedString()
      let caption = text(
        panel.caption, x: "\(margin + width / 2)", y: 22, anchor: "middle",
        more: #" font-size="13""#)
      let image = """
        <image x="\(margin)" y="32" width="\(width)" height="\(height)" \
        image-rendering="pixelated" href="data:image/png;base64,\(data)"/>
        """
      return (width + 2 * margin, height + 48, [caption, image])
    }
  }
}

extension Figure: Writable {
  package func contents() throws(PlotError) -> Data { try Data(svg().utf8) }
}
