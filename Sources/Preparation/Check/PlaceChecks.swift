import Fields
import Foundation

/// Where the object lies from page to page: jumps, and whether it leaves the field.
struct PlaceChecks {
  let facts: [PageFacts]
  let context: SeriesContext
  let pages: [Int]

  init(_ facts: [PageFacts], _ context: SeriesContext, without blank: Set<Int>) {
    (self.facts, self.context) = (facts, context)
    pages = context.ascending.filter { !blank.contains($0) }
  }

  /// Distances of the centres of mass from where one rigid object would have them, in pixels.
  ///
  /// Along the axis that is one place; across it a + b cos θ + c sin θ, fitted by least squares.
  var residuals: (across: [Double], along: [Double]) {
    let (rows, columns) = (pages.map { facts[$0].centreRow }, pages.map { facts[$0].centreColumn })
    let (across, along) = context.axis == .y ? (columns, rows) : (rows, columns)
    let angles = pages.map { context.tilts[$0] * .pi / 180 }
    let middle = median(along)
    return (Self.residuals(across, angles), along.map { $0 - middle })
  }

  func findings() -> [Finding] { [alignment, field] }

  private static let limit = 1.0

  private var alignment: Finding {
    guard pages.count >= 5 else {
      return Finding(.alignment, .note, "Too few pages to see whether they are aligned.")
    }
    let (across, along) = residuals
    let size = zip(across, along).map { ($0 * $0 + $1 * $1).squareRoot() }
    let (rmsAcross, rmsAlong) = (Self.rms(across), Self.rms(along))
    let words = """
      Centres of mass lie \(short(rmsAcross)) pixels rms across the axis and \(short(rmsAlong)) along it \
      from those of one turning object.
      """
    let worst = max(rmsAcross, rmsAlong)
    guard worst > Self.limit else {
      return Finding(.alignment, .passed, words).scored(worst, limit: Self.limit)
    }
    let jumps = size.indices.filter { size[$0] > 3 * Self.limit }.map { pages[$0] + 1 }.sorted()
    return Finding(.alignment, .warning, words, cure: "Align the series.")
      .on(jumps).scored(worst, limit: Self.limit)
  }

  private var field: Finding {
    let across = pages.map { page -> Double in
      let margins = facts[page].margins
      return context.axis == .y
        ? max(margins.left, margins.right) : max(margins.top, margins.bottom)
    }
    let leaving = across.indices.filter { across[$0] > Self.edge }.map { pages[$0] + 1 }.sorted()
    let most = across.max() ?? 0
    guard !leaving.isEmpty else {
      return Finding(.field, .passed, "The object stays in the field across the axis.")
        .scored(most, limit: Self.edge)
    }
    return Finding(
      .field, .warning,
      """
      The object reaches the edge of the field across the axis on \(pageWords(leaving)), with up to \
      \(short(100 * most)) % of its strongest column.
      """, cure: "Give reconstruct --extend, which makes room for what lies outside."
    ).on(leaving).scored(most, limit: Self.edge)
  }

  private static let edge = 0.1

  private static func rms(_ values: [Double]) -> Double {
    (values.reduce(0) { $0 + $1 * $1 } / Double(max(values.count, 1))).squareRoot()
  }

  /// What three functions leave, by the normal equations.
  private static func residuals(_ values: [Double], _ angles: [Double]) -> [Double] {
    var (left, right) = (
      [[Double]](repeating: [0, 0, 0], count: 3), [Double](repeating: 0, count: 3)
    )
    for (value, angle) in zip(values, angles) {
      let row = [1, cos(angle), sin(angle)]
      for i in 0..<3 {
        right[i] += row[i] * value
        for j in 0..<3 { left[i][j] += row[i] * row[j] }
      }
    }
    // A narrow range hardly tells 1 from cos θ: a little weight keeps the fit finite.
    for i in 0..<3 { left[i][i] += 1e-9 * Double(values.count) }
    for i in 0..<3 {
      for k in i + 1..<3 {
        let factor = left[k][i] / left[i][i]
        for j in i..<3 { left[k][j] -= factor * left[i][j] }
        right[k] -= factor * right[i]
      }
    }
    var fit = [0.0, 0.0, 0.0]
    for i in [2, 1, 0] {
      let known = (i + 1..<3).reduce(0.0) { $0 + left[i][$1] * fit[$1] }
      fit[i] = (right[i] - known) / left[i][i]
    }
    return zip(values, angles).map { $0 - fit[0] - fit[1] * cos($1) - fit[2] * sin($1) }
  }
}
