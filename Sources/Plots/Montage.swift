/// A picture with a line of text above it.
package struct Panel: Sendable, Hashable {
  package var picture: Picture
  package var caption: String

  package init(_ picture: Picture, caption: String) {
    (self.picture, self.caption) = (picture, caption)
  }
}

extension Picture {
  /// Several pictures in rows of `columnCount`, on white, each under its caption.
  package static func montage(_ panels: [Panel], columnCount: Int? = nil, gap: Int = 8) -> Picture {
    precondition(!panels.isEmpty, "a montage has at least one picture")
    let columns = min(max(1, columnCount ?? panels.count), panels.count)
    let rows = (panels.count + columns - 1) / columns
    let isColoured = panels.contains { $0.picture.channelCount == 3 }
    // Captions grow with the pictures, but no wider than them.
    let unit = max(1, (panels.map(\.picture.width).max() ?? 1) / 320)
    let headline = (Lettering.height + 5) * unit
    let cells = panels.map {
      (
        width: max($0.picture.width, Lettering.width(of: $0.caption, scale: unit)),
        height: $0.picture.height + headline
      )
    }
    let widths = (0..<columns).map { column in
      stride(from: column, to: cells.count, by: columns).map { cells[$0].width }.max() ?? 0
    }
    let heights = (0..<rows).map { row in
      cells[row * columns..<min(cells.count, (row + 1) * columns)].map(\.height).max() ?? 0
    }
    var canvas = Picture(
      width: widths.reduce(0, +) + gap * (columns + 1),
      height: heights.reduce(0, +) + gap * (rows + 1), channelCount: isColoured ? 3 : 1, shade: 255)
    var top = gap
    for row in 0..<rows {
      var left = gap
      for column in 0..<columns where row * columns + column < panels.count {
        let panel = panels[row * columns + column]
        canvas.write(panel.caption, row: top + unit, column: left, scale: unit, shade: 0)
        canvas.place(
          isColoured ? panel.picture.coloured : panel.picture, row: top + headline, column: left)
        left += widths[column] + gap
      }
      top += heights[row] + gap
    }
    return canvas
  }
}
