import Fields
import Foundation
import Statistics

/// Where the object lies from page to page: jumps, and whether it leaves the field.
struct PlaceChecks {
  let facts: [PageFacts]
  let context: SeriesContext
  let pages: [Int]
  /// Whether a slab fills the field.
  var isFilled = false

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
    let middle = upperMedian(along)
    return (Self.residuals(across, angles), along.map { $0 - middle })
  }

  func findings() -> [Finding] { [alignment, field] }

  private static let limit = 1.0

  private var alignment: Finding {
    guard pages.count >= 5 else {
      return Finding(.alignment, .note, "Too few pages to check their alignment.")
    }
    guard !isFilled else {
      return Finding(
        .alignment, .note, "A slab that fills the field has no centre of mass to align by.")
    }
    let (across, along) = residuals
    let size = zip(across, along).map { ($0 * $0 + $1 * $1).squareRoot() }
    let (rmsAcross, rmsAlong) = (Self.rms(across), Self.rms(along))
    let words = """
      Centres of mass are \(short(rmsAcross)) pixels rms across the axis and \(short(rmsAlong)) along it \
      from those of one rotating object.
      """
    let worst = max(rmsAcross, rmsAlong)
    guard worst > Self.limit else {
      return Finding(.alignment, .passed, words).scored(worst, limit: Self.limit)
    }
    let jumps = size.indices.filter { size[$0] > 3 * Self.limit }.map { pages[$0] + 1 }.sorted()
    return Finding(.alignment, .warning, words, cure: "Align the series.")
      .on(jumps).scored(worst, limit: Self.limit)
  }

  var reach: FieldReach {
    let across = pages.map { page -> Double in
      let margins = facts[page].margins
      return context.axis == .y
        ? max(margins.left, margins.right) : max(margins.top, margins.bottom)
    }
    return FieldReach(across, isFilled: isFilled)
  }

  private var field: Finding {
    let reach = reach
    let leaving = reach.pages.map { pages[$0] + 1 }.sorted()
    guard let words = reach.words(leaving) else {
      return Finding(.field, .passed, "The object stays in the field across the axis.")
        .scored(reach.most, limit: FieldReach.edge)
    }
    return Finding(
      .field, reach.isCut ? .warning : .note, words,
      cure: "Use reconstruct --extend auto, which adds room for the part outside."
    ).on(leaving).scored(reach.most, limit: FieldReach.edge)
  }

  private static func rms(_ values: [Double]) -> Double {
    (values.reduce(0) { $0 + $1 * $1 } / Double(max(values.count, 1))).squareRoot()
  }

  private static func residuals(_ values: [Double], _ angles: [Double]) -> [Double] {
    let rows = angles.map { [1, cos($0), sin($0)] }
    let fit = ThreeTermFit(rows, values)
    return zip(values, rows).map { $0 - fit.at($1) }
  }
}
