package import Fields
package import Reconstruction

/// Replaces spikes by the median of the 5 × 5 pixels about them.
package struct SpikeRemoval: PreparationStep {
  package let search: SpikeSearch

  /// - Throws: ``PreparationError/threshold(_:)`` below 3 or where it is no number.
  package init(threshold: Double = SpikeSearch.standardThreshold) throws(PreparationError) {
    guard threshold >= 3, threshold.isFinite else { throw .threshold(threshold) }
    search = SpikeSearch(threshold: threshold)
  }

  package var name: String { "hotPixels" }
  package var settings: [String: Setting] { ["threshold": .number(search.threshold)] }

  /// The median of 25 counts is one of them.
  package var countEffect: CountEffect { .none }

  package func apply(to page: Image, index: Int) -> PreparedPage {
    let (clean, spikes) = search.cleaned(page)
    return PreparedPage(clean, touched: spikes.count)
  }
}

/// Fills rows and columns that do not measure from the nearest living ones on both sides, linearly.
package struct DeadLineFilling: PreparationStep {
  /// From 1.
  package let rows: [Int]
  package let columns: [Int]

  package init(rows: [Int], columns: [Int]) { (self.rows, self.columns) = (rows, columns) }

  /// The lines that are dead on more than half of the pages.
  package init(finding pages: some PageSequence) throws {
    let found = try pages.map { _, page in (DeadLines.rows(page), DeadLines.columns(page)) }
    func often(_ lines: [[Int]]) -> [Int] {
      Dictionary(grouping: lines.joined(), by: \.self).filter { 2 * $0.value.count > found.count }
        .keys.sorted()
    }
    self.init(rows: often(found.map(\.0)), columns: often(found.map(\.1)))
  }

  package var name: String { "deadLines" }
  package var settings: [String: Setting] {
    func words(_ lines: [Int]) -> Setting { .text(lines.map { "\($0)" }.joined(separator: ",")) }
    return ["rows": words(rows), "columns": words(columns)]
  }

  package var countEffect: CountEffect { rows.isEmpty && columns.isEmpty ? .none : .sharing }

  package func apply(to page: Image, index: Int) -> PreparedPage {
    var filled = page
    DeadLines.fill(&filled, rows: rows, columns: columns)
    return PreparedPage(
      filled,
      touched: rows.count * page.columnCount + columns.count * (page.rowCount - rows.count))
  }
}
