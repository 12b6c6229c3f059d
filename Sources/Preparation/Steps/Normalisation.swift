package import Fields
import Foundation
package import Reconstruction
import Statistics

/// Scales every page, so that all have the same level: `p' = p · reference / level`.
package struct Normalisation: PreparationStep {
  package enum Basis: Sendable, Hashable {
    /// The mean of the page; the reference is the median over pages.
    case total
    /// How bright a slab that fills the field is, over what it should be by its tilt; the reference is 1.
    case slab
    /// The mean of a region; the reference is the median over pages.
    case region(ImageRegion)
    /// The mean of the page; the reference is one wanted mean a page.
    case curve([Double])
  }

  package let basis: Basis
  /// What each page that is kept is multiplied by.
  package let factors: [Double]

  /// - Throws: ``PreparationError`` where a level is not above 0, or the basis does not fit.
  package init(_ basis: Basis, pages: some PageSequence) throws {
    self.basis = basis
    var references: [Double]?
    var region: ImageRegion?
    switch basis {
    case .total, .slab: break
    case .region(let given):
      guard pages.size.contains(given) else {
        throw PreparationError.region(
          step: "--normalise", region: given.description, rows: pages.size.rowCount,
          columns: pages.size.columnCount)
      }
      region = given
    case .curve(let curve):
      guard curve.count == pages.tilts.count else {
        throw PreparationError.curve(count: curve.count, pages: pages.tilts.count)
      }
      if let index = curve.firstIndex(where: { !($0 > 0 && $0.isFinite) }) {
        throw PreparationError.curveNotPositive(index: index + 1, value: curve[index])
      }
      references = curve
    }
    let chosen = region
    let levels =
      basis == .slab
      ? try SlabLevels(pages).exposures : try pages.map { $1.mean(in: chosen ?? $1.size.whole) }
    if let page = levels.firstIndex(where: { !($0 > 0 && $0.isFinite) }) {
      throw PreparationError.level(page: pages.numbers[page], value: levels[page])
    }
    let middle = basis == .slab ? 1 : upperMedian(levels)
    factors = levels.indices.map { (references?[$0] ?? middle) / levels[$0] }
  }

  package var name: String { "normalise" }
  package var settings: [String: Setting] {
    switch basis {
    case .total: ["kind": .text("total")]
    case .slab: ["kind": .text("slab")]
    case .region(let region): ["kind": .text("region"), "region": .text(region.description)]
    case .curve: ["kind": .text("curve")]
    }
  }

  package func apply(to page: Image, index: Int) -> PreparedPage {
    var result = page
    for i in result.pixels.indices {
      result.pixels[i] = Float(Double(page.pixels[i]) * factors[index])
    }
    return PreparedPage(result, level: factors[index])
  }
}

/// Takes off what a slab gains in thickness when it is tilted: `p' = p · cos θ`.
package struct CosineThickness: PreparationStep {
  package let factors: [Double]

  /// - Throws: ``PreparationError/steepTilt(page:degrees:)`` from 89° on.
  package init(pages: some PageSequence) throws(PreparationError) {
    if let page = pages.tilts.firstIndex(where: { !(abs($0) < 89) }) {
      throw .steepTilt(page: pages.numbers[page], degrees: pages.tilts[page])
    }
    factors = pages.tilts.map { cos($0 * .pi / 180) }
  }

  package var name: String { "cosineThickness" }
  package var settings: [String: Setting] { [:] }

  package func apply(to page: Image, index: Int) -> PreparedPage {
    var result = page
    for i in result.pixels.indices {
      result.pixels[i] = Float(Double(page.pixels[i]) * factors[index])
    }
    return PreparedPage(result, level: factors[index])
  }
}
