package import Plots

/// A part of a report page: a heading and what stands below it.
package struct ReportSection: Sendable, Hashable {
  /// What a section is built from. Text is plain: the page escapes it.
  package enum Block: Sendable, Hashable {
    case paragraph(String)
    /// Small print.
    case note(String)
    /// Names and values, one a line.
    case facts([ReportFact])
    /// A chart, drawn as SVG. The caption may be empty.
    case chart(Chart, caption: String)
    /// A picture, and what it shows in words for those who do not see it.
    case picture(Picture, caption: String, description: String)
    /// A drawing of our own as SVG, and what it shows in words.
    case drawing(svg: String, caption: String, description: String)
    /// A table, folded where it is long; the caption is its name.
    case table(Table, caption: String)
    /// A smaller heading.
    case heading(String)
  }

  package let title: String
  /// What links to the section end in: lower-case letters, digits and hyphens, once a page.
  package let anchor: String
  package var blocks: [Block]
  /// How to measure what the section is about, where that was not done; otherwise `nil`.
  package let howToMeasure: String?

  /// - Parameter anchor: lower-case letters, digits and hyphens; another one for each section.
  package init(_ title: String, anchor: String, _ blocks: [Block] = []) {
    self.init(title, anchor: anchor, blocks, howToMeasure: nil)
  }

  /// A section whose subject was not measured.
  ///
  /// - Parameter how: a sentence or two, for instance the command that measures it.
  package static func notMeasured(
    _ title: String, anchor: String, how: String
  ) -> ReportSection {
    ReportSection(title, anchor: anchor, [], howToMeasure: how)
  }

  private init(_ title: String, anchor: String, _ blocks: [Block], howToMeasure: String?) {
    precondition(
      !anchor.isEmpty
        && anchor.utf8.allSatisfy { 97...122 ~= $0 || 48...57 ~= $0 || $0 == 45 },
      "an anchor holds lower-case letters, digits and hyphens")
    (self.title, self.anchor, self.blocks) = (title, anchor, blocks)
    self.howToMeasure = howToMeasure
  }
}
