import Files
package import Foundation
package import Plots

/// A report as one HTML file that needs nothing else.
///
/// Texts are escaped, and a content security policy forbids the page to load anything.
package struct ReportPage: Sendable {
  package let content: ReportContent
  /// - Throws: ``ReportError/anchorTwice(_:)``
  package init(_ content: ReportContent) throws(ReportError) {
    var taken: Set = ["facts", "warnings", "volume", "turning", "not-measured"]
    for section in content.sections + [content.provenance] {
      guard taken.insert(section.anchor).inserted else { throw .anchorTwice(section.anchor) }
    }
    self.content = content
  }

  /// The page as UTF-8.
  ///
  /// - Throws: `PlotError` where a chart cannot be drawn.
  package func html() throws(PlotError) -> Data {
    let viewer = ViewerMarkup(view: content.volume, tiltRange: content.tiltRange)
    let measured = content.sections.filter { $0.howToMeasure == nil }
    var parts = [viewer.sections, viewer.turning]
    for section in measured { parts.append(try section.markup()) }
    parts += [unmeasured, try content.provenance.markup(), "</main>", "<div hidden>", ""]
    var body = Data(parts.joined(separator: "\n").utf8)
    for picture in content.volume.pictures() {
      body.append(contentsOf: #"<img class="voxels" alt="" src="data:image/png;base64,"#.utf8)
      body.append(try picture.png().base64EncodedData())
      body.append(contentsOf: "\">\n".utf8)
    }
    // Only what carries this word is run or styles the page. No text of the page can hold the hash of all of it,
    // and the same content gives the same page.
    let nonce = String(sha256(of: Array(opening(nonce: "").utf8) + body).prefix(32))
    var page = Data(opening(nonce: nonce).utf8) + body
    page.append(contentsOf: "</div>\n<script type=\"module\" nonce=\"\(nonce)\">\n".utf8)
    for script in Self.scripts { page.append(contentsOf: script) }
    page.append(contentsOf: "</script>\n</body>\n</html>\n".utf8)
    return page
  }

  private static let scripts = [
    PackageResources.voxels_js, PackageResources.drawing_js, PackageResources.sections_js,
    PackageResources.turning_js, PackageResources.page_js,
  ]

  private func opening(nonce: String) -> String {
    let policy = """
      default-src 'none'; img-src data:; style-src 'nonce-\(nonce)'; script-src 'nonce-\(nonce)'; \
      base-uri 'none'; form-action 'none'
      """
    let style = String(decoding: PackageResources.report_css, as: UTF8.self)
    let warnings =
      content.warnings.isEmpty
      ? "<p class=\"note\">The run left no warnings.</p>"
      : "<ul>" + content.warnings.map { element("li", text: $0) }.joined(separator: "\n") + "</ul>"
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="\(policy)">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="generator" content="\(escaped(content.generator))">
      \(element("title", text: content.title + " – tomogram report"))
      <style nonce="\(nonce)">
      \(style)</style>
      </head>
      <body>
      <header>
      <p class="brand">Tomogram report</p>
      \(element("h1", text: content.title))
      \(element("p", #"class="summary""#, text: content.summary))
      </header>
      <main>
      <section id="facts" aria-label="What every published tomogram must state">
      <dl class="key">
      \(content.keyFacts.facts.map(\.card).joined(separator: "\n"))
      </dl>
      </section>
      <section id="warnings" class="\(content.warnings.isEmpty ? "calm" : "warning")">
      <h2>Warnings</h2>
      \(warnings)
      </section>
      <nav aria-label="Contents">
      \(contents)
      </nav>

      """
  }

  /// Links to every part.
  private var contents: String {
    let measured = content.sections.filter { $0.howToMeasure == nil }
    var links = [("volume", "Sections"), ("turning", "Rotating projection")]
    links += measured.map { ($0.anchor, $0.title) }
    if measured.count < content.sections.count { links.append(("not-measured", "Not measured")) }
    links.append((content.provenance.anchor, content.provenance.title))
    return links.map { element("a", "href=\"#\($0)\"", text: $1) }.joined(separator: "\n")
  }

  /// What was not measured, and how to measure it.
  private var unmeasured: String {
    let missing = content.sections.compactMap { section in
      section.howToMeasure.map { (section, $0) }
    }
    guard !missing.isEmpty else { return "" }
    let lines = missing.map { section, how in
      #"<div id="\#(section.anchor)">"#
        + element("dt", text: section.title) + element("dd", text: how) + "</div>"
    }
    return """
      <section id="not-measured" class="part">
      <h2>Not measured</h2>
      <dl class="facts">
      \(lines.joined(separator: "\n"))
      </dl>
      </section>
      """
  }
}

extension ReportFact {
  fileprivate var card: String { "<div>\(element("dt", text: name))\(definition)</div>" }
}
