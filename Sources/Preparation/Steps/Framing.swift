package import Fields
import Foundation
package import Reconstruction

/// Keeps a rectangle of every page.
package struct Crop: PreparationStep {
  package let region: ImageRegion

  package init(_ region: ImageRegion) { self.region = region }

  package var name: String { "crop" }
  package var settings: [String: Setting] { ["region": .text(region.description)] }

  package func size(after size: ImageSize) throws(PreparationError) -> ImageSize {
    guard size.contains(region) else {
      throw .region(
        step: "--crop", region: region.description, rows: size.rowCount, columns: size.columnCount)
    }
    return ImageSize(rowCount: region.rows.count, columnCount: region.columns.count)
  }

  package var countEffect: CountEffect { .none }

  package func place(_ place: Double, _ direction: PageDirection) -> Double {
    place - Double((direction == .rows ? region.rows : region.columns).lowerBound)
  }

  package func apply(to page: Image, index: Int) -> PreparedPage {
    PreparedPage(page.part(region))
  }
}

/// Puts pixels of the level of vacuum about every page.
package struct Padding: PreparationStep {
  /// On each of the four sides.
  package let pixels: Int

  package init(_ pixels: Int) { self.pixels = pixels }

  package var name: String { "pad" }
  package var settings: [String: Setting] { ["pixels": .count(pixels)] }

  package func size(after size: ImageSize) throws(PreparationError) -> ImageSize {
    guard 1...16_384 ~= pixels else {
      throw .margin(
        step: "--pad", pixels: pixels, rows: size.rowCount, columns: size.columnCount)
    }
    return ImageSize(
      rowCount: size.rowCount + 2 * pixels, columnCount: size.columnCount + 2 * pixels)
  }

  /// What is added is a mean of counts.
  package var countEffect: CountEffect { .sharing }

  package func place(_ place: Double, _ direction: PageDirection) -> Double {
    place + Double(pixels)
  }

  package func apply(to page: Image, index: Int) -> PreparedPage {
    let level = VacuumLevel(page).value
    let columns = page.columnCount + 2 * pixels
    var result = Image(
      [Float](repeating: Float(level), count: columns * (page.rowCount + 2 * pixels)),
      columnCount: columns)
    for row in 0..<page.rowCount {
      for column in 0..<page.columnCount {
        result[row + pixels, column + pixels] = page[row, column]
      }
    }
    return PreparedPage(result, level: level)
  }
}

/// Squares of pixels as one: their mean, or their sum where they are counts.
package struct Binning: PreparationStep {
  package let factor: Int
  package let sums: Bool

  package init(_ factor: Int, sums: Bool) { (self.factor, self.sums) = (factor, sums) }

  package var name: String { "bin" }
  package var settings: [String: Setting] {
    ["factor": .count(factor), "kind": .text(sums ? "sum" : "mean")]
  }

  package func size(after size: ImageSize) throws(PreparationError) -> ImageSize {
    guard factor >= 1, factor <= min(size.rowCount, size.columnCount) else {
      throw .binning(factor: factor, rows: size.rowCount, columns: size.columnCount)
    }
    return ImageSize(rowCount: size.rowCount / factor, columnCount: size.columnCount / factor)
  }

  package var countEffect: CountEffect { sums || factor == 1 ? .none : .end }

  /// The middle of the first square goes to 0; rows and columns that fill no square are left away at the end.
  package func place(_ place: Double, _ direction: PageDirection) -> Double {
    (place - Double(factor - 1) / 2) / Double(factor)
  }

  package func apply(to page: Image, index: Int) -> PreparedPage {
    PreparedPage(sums ? page.summed(by: factor) : page.binned(by: factor))
  }
}

/// Lets every page fade to the level of vacuum across the tilt axis, under half a cosine.
///
///     p' = v + w (p − v),   w = ½ − ½ cos(π (d + ½) / n)
///
/// for a pixel d < n steps from either end. Slices keep their length along the axis.
package struct EdgeTaper: PreparationStep {
  package let pixels: Int
  package let axis: TiltAxis

  package init(_ pixels: Int, axis: TiltAxis) { (self.pixels, self.axis) = (pixels, axis) }

  package var name: String { "taper" }
  package var settings: [String: Setting] { ["pixels": .count(pixels)] }

  package func size(after size: ImageSize) throws(PreparationError) -> ImageSize {
    guard pixels >= 1, pixels <= (axis == .y ? size.columnCount : size.rowCount) / 2 else {
      throw .margin(
        step: "--taper", pixels: pixels, rows: size.rowCount, columns: size.columnCount)
    }
    return size
  }

  package func apply(to page: Image, index: Int) -> PreparedPage {
    let level = Float(VacuumLevel(page).value)
    let count = axis == .y ? page.columnCount : page.rowCount
    let weights = (0..<count).map { i -> Float in
      let place = Double(min(i, count - 1 - i)) + 0.5
      return place >= Double(pixels) ? 1 : Float(0.5 - 0.5 * cos(.pi * place / Double(pixels)))
    }
    var result = page
    for row in 0..<page.rowCount {
      for column in 0..<page.columnCount {
        let weight = weights[axis == .y ? column : row]
        if weight < 1 { result[row, column] = level + weight * (page[row, column] - level) }
      }
    }
    return PreparedPage(result, level: Double(level))
  }
}
