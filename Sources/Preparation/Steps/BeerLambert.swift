package import Fields
import Foundation
package import Reconstruction

/// Turns transmitted intensity into line integrals: `p' = −ln(p / I₀)`.
///
/// Intensities below I₀ / 10 000, which noise or a wrong zero leaves, are taken as that, and counted. The variance of
/// −ln k is 1/k for k counts, so that a thick specimen at a high tilt says less than a thin one.
package struct BeerLambert: PreparationStep {
  package enum Intensity: Sendable, Hashable {
    case value(Double)
    /// The level of vacuum at the margins of each page.
    case vacuum
    /// The level of a slab that fills the field: what most of each page shows.
    case slab
    case region(ImageRegion)
  }

  package let intensity: Intensity
  /// `I₀` of every page that is kept.
  package let beam: [Double]
  /// `1 / ⟨1/I⟩` of every page that is kept, I the means of squares of 4 × 4 pixels, which few counts leave above 0.
  package private(set) var precisions: [Double]
  /// Of every page that is kept, if its pixels are counts.
  package let counts: [CountLogarithm]

  static let floor = 1e-4

  /// - Throws: ``PreparationError`` where a page has no beam above 0, or the region does not fit.
  package init(_ intensity: Intensity, pages: some PageSequence) throws {
    self.intensity = intensity
    switch intensity {
    case .value(let value):
      beam = Array(repeating: value, count: pages.tilts.count)
    case .vacuum:
      beam = try pages.map { VacuumLevel($1).value }
    case .slab:
      beam = try SlabLevels(pages).levels
    case .region(let region):
      guard pages.size.contains(region) else {
        throw PreparationError.region(
          step: "--beer-lambert", region: region.description, rows: pages.size.rowCount,
          columns: pages.size.columnCount)
      }
      beam = try pages.map { $1.mean(in: region) }
    }
    let beams = beam
    let facts = try pages.map { index, page in
      let side = min(Self.square, page.rowCount, page.columnCount)
      let squares = page.binned(by: side).pixels
      return (
        Self.precision(of: squares, beam: beams[index]),
        CountLogarithm(squares, area: side * side, beam: beams[index])
      )
    }
    (precisions, counts) = (facts.map(\.0), facts.map(\.1))
    if let page = beam.firstIndex(where: { !($0 > 0 && $0.isFinite) }) {
      throw PreparationError.intensity(page: pages.numbers[page], value: beam[page])
    }
  }

  private static let square = 4

  /// The same for pixels that are counts, where few of them vary by more than 1/I.
  package var ofCounts: BeerLambert {
    var logarithm = self
    logarithm.precisions = counts.map { 1 / $0.variance }
    return logarithm
  }

  private static func precision(of squares: [Float], beam: Double) -> Double {
    Double(squares.count) / squares.reduce(0) { $0 + 1 / max(Double($1), floor * beam) }
  }

  package var name: String { "beerLambert" }
  package var settings: [String: Setting] {
    switch intensity {
    case .value(let value): ["kind": .text("value"), "value": .number(value)]
    case .vacuum: ["kind": .text("vacuum")]
    case .slab: ["kind": .text("slab")]
    case .region(let region): ["kind": .text("region"), "region": .text(region.description)]
    }
  }

  package func apply(to page: Image, index: Int) -> PreparedPage {
    var (result, floored) = (page, 0)
    for i in page.pixels.indices {
      let part = Double(page.pixels[i]) / beam[index]
      if part < Self.floor { floored += 1 }
      result.pixels[i] = Float(-log(max(part, Self.floor)))
    }
    return PreparedPage(
      result, touched: floored, level: beam[index],
      parts: intensity == .vacuum ? PlainParts(page) : nil)
  }
}
