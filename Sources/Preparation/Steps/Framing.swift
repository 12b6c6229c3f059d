public import Fields
import Foundation
public import Reconstruction

/// Keeps a rectangle of every page.
public struct Crop: PreparationStep {
  public let region: ImageRegion

  public init(_ region: ImageRegion) { self.region = region }

  public var name: String { "crop" }
  public var settings: [String: Setting] { ["region": .text(region.description)] }

  public func size(after size: ImageSize) throws(PreparationError) -> ImageSize {
    guard size.contains(region) else {
      throw .region(
        step: "--crop", region: region.description, rows: size.rowCount, columns: size.columnCount)
    }
    return ImageSize(rowCount: region.rows.count, columnCount: region.columns.count)
  }

  public var countEffect: CountEffect { .none }

  public func place(_ place: Double, _ direction: PageDirection) -> Double {
    place - Double((direction == .rows ? region.rows : region.columns).lowerBound)
  }

  public func apply(to page: Image, index: Int) -> PreparedPage {
    PreparedPage(page.part(region))
  }
}

/// Puts pixels of the level of vacuum about every page.
public struct Padding: PreparationStep {
  /// On each of the four sides.
  public let pixels: Int

  public init(_ pixels: Int) { self.pixels = pixels }

  public var name: String { "pad" }
  public var settings: [String: Setting] { ["pixels": .count(pixels)] }

  public func size(after size: ImageSize) throws(PreparationError) -> ImageSize {
    guard 1...16_384 ~= pixels else {
      throw .margin(
        step: "--pad", pixels: pixels, rows: size.rowCount, columns: size.columnCount)
    }
    return ImageSize(
      rowCount: size.rowCount + 2 * pixels, columnCount: size.columnCount + 2 * pixels)
  }

  /// What is added is a mean of counts.
  public var countEffect: CountEffect { .sharing }

  public func place(_ place: Double, _ direction: PageDirection) -> Double {
    place + Double(pixels)
  }

  public func apply(to page: Image, index: Int) -> PreparedPage {
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
public struct Binning: PreparationStep {
  public let factor: Int
  public let sums: Bool

  public init(_ factor: Int, sums: Bool) { (self.factor, self.sums) = (factor, sums) }

  public var name: String { "bin" }
  public var settings: [String: Setting] {
    ["factor": .count(factor), "kind": .text(sums ? "sum" : "mean")]
  }

  public func size(after size: ImageSize) throws(PreparationError) -> ImageSize {
    guard factor >= 1, factor <= min(size.rowCount, size.columnCount) else {
      throw .binning(factor: factor, rows: size.rowCount, columns: size.columnCount)
    }
    return ImageSize(rowCount: size.rowCount / factor, columnCount: size.columnCount / factor)
  }

  public var countEffect: CountEffect { sums || factor == 1 ? .none : .end }

  /// The middle of the first square goes to 0; rows and columns that fill no square are left away at the end.
  public func place(_ place: Double, _ direction: PageDirection) -> Double {
    (place - Double(factor - 1) / 2) / Double(factor)
  }

  public func apply(to page: Image, index: Int) -> PreparedPage {
    PreparedPage(sums ? page.summed(by: factor) : page.binned(by: factor))
  }
}

/// Lets every page fade to the level of vacuum across the tilt axis, under half a cosine.
///
///     p' = v + w (p − v),   w = ½ − ½ cos(π (d + ½) / n)
///
/// for a pixel d < n steps from either end. Slices keep their length along the axis.
public struct EdgeTaper: PreparationStep {
  public let pixels: Int
  public let axis: TiltAxis

  public init(_ pixels: Int, axis: TiltAxis) { (self.pixels, self.axis) = (pixels, axis) }

  public var name: String { "taper" }
  public var settings: [String: Setting] { ["pixels": .count(pixels)] }

  public func size(after size: ImageSize) throws(PreparationError) -> ImageSize {
    guard pixels >= 1, pixels <= (axis == .y ? size.columnCount : size.rowCount) / 2 else {
      throw .margin(
        step: "--taper", pixels: pixels, rows: size.rowCount, columns: size.columnCount)
    }
    return size
  }

  public func apply(to page: Image, index: Int) -> PreparedPage {
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
