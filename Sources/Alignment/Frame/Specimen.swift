package import Fields
import Preparation
import RealModule

/// What pages are taken for when they are predicted from each other: how far the object goes, and its box.
///
/// An object that lies within the field has room in a box as wide and as deep as the field. One that goes on beyond it is a
/// layer: tilted pages see of it, at either side,
///
///     x = (N/2 + t/2 sin θ) / cos θ
///
/// from the axis, with N columns and a thickness t. In a box no wider than the field, what lies beyond has to be put
/// elsewhere, differently for every turn of the pages, and the best turn is a wrong one; in a box that is much too deep,
/// every turn is explained about as well.
package struct Specimen: Sendable, Hashable {
  package enum Extent: Sendable, Hashable {
    case within
    /// `thickness`: of the box, in columns of the field.
    case beyond(thickness: Double)
  }

  package var extent: Extent

  package init(_ extent: Extent) { self.extent = extent }

  var isCut: Bool { extent != .within }

  /// Columns and layers of the box for pages of so many columns.
  package func box(columns: Int, tilts: [Double]) -> (width: Int, depth: Int) {
    guard case .beyond(let thickness) = extent else { return (columns, columns) }
    let depth = max(8, Int((thickness * Double(columns)).rounded()))
    let steepest = tilts.map { min(abs($0), Self.steepest) }.max() ?? 0
    let angle = steepest * .pi / 180
    let half = (Double(columns) / 2 + Double(depth) / 2 * .sin(angle)) / .cos(angle)
    return (2 * Int(half.rounded(.up)), depth)
  }

  /// The box is no wider than pages at this angle need, to spare memory: steeper ones are predicted without what lies
  /// farther out.
  private static let steepest = 72.0

  /// The thicknesses that are tried.
  static let thicknesses = [0.125, 0.1875, 0.25, 0.375, 0.5, 0.75]

  /// What pages may be taken for.
  package static let all =
    [Specimen(.within)] + thicknesses.map { Specimen(.beyond(thickness: $0)) }

  /// Pages whose object is bright and stands on nothing.
  package func raised(_ pages: [Image], workers: Workers) -> [Image] {
    switch extent {
    case .within: workers.results(pages.count) { pages[$0].aboveVacuum }
    case .beyond: LayerBackground.removed(from: pages, workers: workers)
    }
  }
}

extension Image {
  /// The page above the level of its vacuum; dark objects are turned bright.
  fileprivate var aboveVacuum: Image {
    let level = Float(VacuumLevel(self).value)
    var result = self
    var sum = 0.0
    for i in pixels.indices {
      result.pixels[i] -= level
      sum += Double(result.pixels[i])
    }
    if sum < 0 { for i in pixels.indices { result.pixels[i] = -result.pixels[i] } }
    return result
  }
}
