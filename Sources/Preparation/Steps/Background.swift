package import Fields
package import Reconstruction
import Statistics

/// Takes the value of vacuum off every page: `p' = p − b`.
package struct Background: PreparationStep {
  package enum Level: Sendable, Hashable {
    case constant(Double)
    /// The level of vacuum at the margins of the page.
    case vacuum
    /// The level of a slab that fills the field: what most of each page shows.
    case slab
    /// A plane b = a + r · row + c · column through the vacuum of the whole page.
    case plane
    /// The mean of a region that shows vacuum on every page.
    case region(ImageRegion)
  }

  package let level: Level

  /// Of a slab, one a page.
  private let slab: [Double]

  /// Looks at all pages for the level of a slab, and at none otherwise.
  package init(_ level: Level, pages: some PageSequence) throws {
    self.level = level
    slab = level == .slab ? try SlabLevels(pages).levels : []
  }

  package var name: String { "background" }
  package var settings: [String: Setting] {
    switch level {
    case .constant(let value): ["kind": .text("constant"), "value": .number(value)]
    case .vacuum: ["kind": .text("vacuum")]
    case .slab: ["kind": .text("slab")]
    case .plane: ["kind": .text("plane")]
    case .region(let region): ["kind": .text("region"), "region": .text(region.description)]
    }
  }

  package func size(after size: ImageSize) throws(PreparationError) -> ImageSize {
    if case .region(let region) = level, !size.contains(region) {
      throw .region(
        step: "--background", region: region.description, rows: size.rowCount,
        columns: size.columnCount)
    }
    return size
  }

  package func apply(to page: Image, index: Int) -> PreparedPage {
    var result = page
    if level == .plane {
      let plane = VacuumPlane(page)
      for row in 0..<page.rowCount {
        for column in 0..<page.columnCount { result[row, column] -= Float(plane.at(row, column)) }
      }
      return PreparedPage(result, level: plane.at(page.rowCount / 2, page.columnCount / 2))
    }
    let value =
      switch level {
      case .constant(let value): value
      case .region(let region): page.mean(in: region)
      case .slab: slab[index]
      default: VacuumLevel(page).value
      }
    for i in result.pixels.indices { result.pixels[i] = Float(Double(page.pixels[i]) - value) }
    return PreparedPage(
      result, level: value, parts: level == .vacuum ? PlainParts(page) : nil)
  }
}

/// The plane through the vacuum at the margins of a page.
///
/// The frame that ``VacuumLevel`` uses is cut into eight pieces a side, each with its own level, and the plane
/// is fitted to them with least sum of distances, so that pieces where the object leaves the page
/// hardly count: least squares 30 times over, with the inverse of the last distance for a weight.
struct VacuumPlane {
  private let fit: ThreeTermFit
  /// Whether three quarters of the pieces lie on the plane, to a tenth of its height: vacuum that slopes, and not matter at
  /// one side.
  let isSlope: Bool

  init(_ page: Image) {
    let shorter = min(page.rowCount, page.columnCount)
    let width = min(max(2, shorter / 32), shorter)
    let (rows, columns) = (Self.pieces(page.rowCount), Self.pieces(page.columnCount))
    var places: [[Double]] = []
    var levels: [Double] = []
    func add(_ rows: Range<Int>, _ columns: Range<Int>) {
      let values = rows.flatMap { row in columns.map { page[row, $0] } }
      places.append([
        1, Double(rows.lowerBound + rows.upperBound - 1) / 2,
        Double(columns.lowerBound + columns.upperBound - 1) / 2,
      ])
      levels.append(VacuumLevel(values).value)
    }
    for piece in columns {
      add(0..<width, piece)
      add(page.rowCount - width..<page.rowCount, piece)
    }
    for piece in rows {
      add(piece, 0..<width)
      add(piece, page.columnCount - width..<page.columnCount)
    }
    var fit = ThreeTermFit(places, levels)
    let scale = max(robustDeviation(levels), 1e-9 * abs(upperMedian(levels)), 1e-300)
    for _ in 0..<30 {
      let weights = zip(places, levels).map { 1 / max(abs($1 - fit.at($0)), 1e-3 * scale) }
      let largest = weights.max() ?? 1
      fit = ThreeTermFit(places, levels, weights: weights.map { $0 / largest })
    }
    self.fit = fit
    let heights = places.map { fit.at($0) }
    let rest = zip(levels, heights).map { abs($0 - $1) }.sorted()
    isSlope = rest[rest.count * 3 / 4] <= 0.1 * ((heights.max() ?? 0) - (heights.min() ?? 0))
  }

  func at(_ row: Int, _ column: Int) -> Double { fit.at([1, Double(row), Double(column)]) }

  /// Eight pieces of about the same length; fewer of a short side.
  private static func pieces(_ count: Int) -> [Range<Int>] {
    let number = max(1, min(8, count / 4))
    return (0..<number).map { $0 * count / number..<($0 + 1) * count / number }
  }
}
