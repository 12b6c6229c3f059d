import Foundation
import Plots

extension ReportSection {
  /// The section as HTML.
  func markup() throws(PlotError) -> String {
    var parts = [#"<section id="\#(anchor)" class="part">"#, element("h2", text: title)]
    for block in blocks { parts.append(try block.markup()) }
    return (parts + ["</section>"]).joined(separator: "\n")
  }
}

extension ReportSection.Block {
  /// Tables with more rows are folded.
  private static let mostOpenRows = 12

  func markup() throws(PlotError) -> String {
    switch self {
    case .paragraph(let text): return element("p", text: text)
    case .note(let text): return element("p", #"class="note""#, text: text)
    case .heading(let text): return element("h3", text: text)
    case .facts(let facts): return facts.markup
    case .chart(let chart, let caption):
      // The text of the chart's own labels is read out through its name.
      let lines = chart.series.map(\.name).joined(separator: ", ")
      let name =
        "\(chart.title.isEmpty ? "Chart" : chart.title): \(chart.y.label) over "
        + "\(chart.x.label). Shown: \(lines)."
      return """
        <figure class="chart">
        <div role="img" aria-label="\(escaped(name))">\(try chart.svg())</div>
        \(caption.isEmpty ? "" : element("figcaption", text: caption))
        </figure>
        """
    case .picture(let picture, let caption, let description):
      let data = try picture.png().base64EncodedString()
      return """
        <figure>
        <img class="picture" width="\(picture.width)" height="\(picture.height)" \
        alt="\(escaped(description))" src="data:image/png;base64,\(data)">
        \(caption.isEmpty ? "" : element("figcaption", text: caption))
        </figure>
        """
    case .drawing(let svg, let caption, let description):
      return """
        <figure class="chart">
        <div role="img" aria-label="\(escaped(description))">\(svg)</div>
        \(caption.isEmpty ? "" : element("figcaption", text: caption))
        </figure>
        """
    case .table(let table, let caption):
      let isLong = table.rows.count > Self.mostOpenRows
      let title = caption.isEmpty || isLong ? "" : element("caption", text: caption)
      let body = """
        <div class="wide" tabindex="0" role="region" \
        aria-label="\(escaped(caption.isEmpty ? "Table" : caption))"><table>\(title)
        \(table.markup)
        </table></div>
        """
      guard isLong else { return body }
      let name = caption.isEmpty ? "Table" : caption
      return """
        <details>
        \(element("summary", text: "\(name) (\(table.rows.count) rows)"))
        \(body)
        </details>
        """
    }
  }
}

extension [ReportFact] {
  /// Names and values; what has no value is *missing*.
  var markup: String {
    let lines = map { fact in
      "<div>\(element("dt", text: fact.name))\(fact.definition)</div>"
    }
    return "<dl class=\"facts\">\n\(lines.joined(separator: "\n"))\n</dl>"
  }
}

extension ReportFact {
  /// The value and what explains it, as `<dd>`.
  var definition: String {
    let shown =
      value.map { element("dd", text: $0) } ?? #"<dd class="missing">missing</dd>"#
    return shown + (note.map { element("dd", #"class="note""#, text: $0) } ?? "")
  }
}

extension Table {
  fileprivate var markup: String {
    let head = header.map { element("th", #"scope="col""#, text: $0) }.joined()
    let lines = rows.map { row in "<tr>\(row.map(\.markup).joined())</tr>" }
    return """
      <thead><tr>\(head)</tr></thead>
      <tbody>
      \(lines.joined(separator: "\n"))
      </tbody>
      """
  }
}

extension Table.Cell {
  fileprivate var markup: String {
    switch self {
    case .text(let text): element("td", text: text)
    case .integer(let value): element("td", #"class="number""#, text: readable(Double(value)))
    case .number(let value): element("td", #"class="number""#, text: readable(value))
    case .empty: "<td></td>"
    }
  }
}
