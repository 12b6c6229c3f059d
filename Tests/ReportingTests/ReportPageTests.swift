import Fields
import Foundation
import Plots
import Reporting
import Testing

@Suite struct ReportPageTests {
  @Test("The five facts stand before everything else, and what is not known is missing")
  func keyFacts() throws {
    let page = try html(content())
    let places = try ["Tilt range", "Tilt step", "Algorithm", "λ", "Total dose"].map { name in
      try #require(page.range(of: "<dt>\(name)</dt>")).lowerBound
    }
    #expect(places == places.sorted())
    #expect(try places[4] < #require(page.range(of: "<h2>")).lowerBound)
    #expect(page.contains("<dd>sirt, 50 iterations</dd>"))
    #expect(page.contains("<dd>none: this method has no prior</dd>"))
    #expect(
      page.contains(
        "<dt>Total dose</dt><dd class=\"missing\">missing</dd><dd class=\"note\">not in the file</dd>"
      ))
    #expect(page.components(separatedBy: "class=\"missing\"").count == 2)
  }

  @Test("No text can become markup, wherever it stands")
  func escaping() throws {
    let evil = "<img src=x onerror=\"alert('&')\">\u{0}"
    let safe = "&lt;img src=x onerror=&quot;alert(&#39;&amp;&#39;)&quot;&gt;\u{FFFD}"
    var page = content(title: evil)
    page.summary = evil
    page.generator = evil
    page.warnings = [evil]
    page.keyFacts.tiltRange = KeyFacts.Entry(evil, note: evil)
    var table = Table([evil])
    try table.append([.text(evil)])
    page.sections = [
      ReportSection(
        evil, anchor: "evil",
        [
          .paragraph(evil), .note(evil), .heading(evil),
          .facts([ReportFact(evil, evil, note: evil)]),
          .table(table, caption: evil),
          .picture(Picture(width: 1, height: 1), caption: evil, description: evil),
          .chart(
            Chart(
              evil, x: Chart.Axis(evil), y: Chart.Axis(evil),
              series: [Chart.Series(evil, [Chart.Point(0, 0)]), Chart.Series(evil, [])]),
            caption: evil),
        ]),
      .notMeasured(evil, anchor: "not", how: evil),
    ]
    let text = try html(page)
    #expect(!text.contains("<img src=x"))
    #expect(text.components(separatedBy: safe).count > 20)
  }

  @Test("Nothing is loaded: a policy forbids it, and the page names no other place")
  func offline() throws {
    let page = try html(content())
    #expect(page.contains("http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';"))
    let places = page.matches(of: /[a-z]+:\/\/[^"' <]*/).map { String($0.output) }
    #expect(places.allSatisfy { $0 == "http://www.w3.org/2000/svg" })
    #expect(!page.contains("@import") && !page.contains("url("))
    let sources = page.matches(of: /(?:src|href)="([^"]{0,30})/).map { String($0.1) }
    #expect(sources.allSatisfy { $0.hasPrefix("data:image/png;base64,") || $0.hasPrefix("#") })
  }

  @Test("Sections are shown in their order; those that were not measured come together, with a way")
  func order() throws {
    var page = content()
    page.sections = [
      .notMeasured("Shell correlation", anchor: "fsc", how: "Measure two halves."),
      ReportSection("Coverage", anchor: "coverage", [.paragraph("Seen.")]),
    ]
    let text = try html(page)
    let anchors = text.matches(of: /<section id="([a-z-]+)"/).map { String($0.1) }
    #expect(
      anchors == [
        "facts", "warnings", "volume", "turning", "coverage", "not-measured", "provenance",
      ])
    #expect(text.contains("<dt>Shell correlation</dt><dd>Measure two halves.</dd>"))
    let links = text.matches(of: /<a href="#([a-z-]+)"/).map { String($0.1) }
    #expect(links == ["volume", "turning", "coverage", "not-measured", "provenance"])
  }

  @Test("Scripts and styles carry a word that hangs on all of the page")
  func nonces() throws {
    var other = content()
    other.warnings = ["One word more."]
    let pages = try [html(content()), html(other)]
    let words = try pages.map { try nonce(of: $0) }
    #expect(words[0] != words[1] && words.allSatisfy { $0.count == 32 })
    #expect(try html(content()) == pages[0])
    for (page, word) in zip(pages, words) {
      #expect(page.contains("style-src 'nonce-\(word)'; script-src 'nonce-\(word)'"))
      #expect(page.matches(of: /nonce="([^"]*)"/).allSatisfy { $0.1 == word })
    }
  }

  @Test("Two sections cannot share an anchor")
  func anchors() {
    var page = content()
    page.sections = [ReportSection("One", anchor: "volume")]
    #expect(throws: ReportError.anchorTwice("volume")) { try ReportPage(page) }
  }

  @Test("Long tables are folded, charts have names, numbers five digits")
  func blocks() throws {
    var table = Table(["iteration", "misfit"])
    for i in 0..<13 { try table.append([.integer(i), .number(-0.123456789)]) }
    var page = content()
    page.sections = [
      ReportSection(
        "Fit", anchor: "fit",
        [
          .table(table, caption: "history"),
          .chart(
            Chart(
              "Misfit", x: Chart.Axis("iteration"), y: Chart.Axis("‖r‖"),
              series: [Chart.Series("sirt", history: [1, 0.5])]), caption: ""),
        ])
    ]
    let text = try html(page)
    #expect(text.contains("<summary>history (13 rows)</summary>"))
    #expect(text.contains("<td class=\"number\">−0.12346</td>"))
    #expect(text.contains("role=\"img\" aria-label=\"Misfit: ‖r‖ over iteration. Shown: sirt.\""))
  }

  @Test("A page of 256³ voxels of noise stays below 30 MB")
  func size() throws {
    let extent = VolumeView.Extent(x: 256, y: 256, z: 256)
    var gathering = VolumeView.Gathering(extent, voxelSize: nil)
    var state: UInt64 = 1
    var page = FloatStorage(zeros: 256 * 256)
    for _ in 0..<256 {
      var pixels = page.mutableSpan
      for i in pixels.indices {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        pixels[i] = Float(state >> 40)
      }
      gathering.add(page.span)
    }
    let view = gathering.finish()
    #expect(view.binning == 1)
    let bytes = try ReportPage(content(view)).html().count
    #expect(bytes < 30_000_000 && bytes > 16_000_000)
  }
}
