package import Fields
package import Reconstruction
import Statistics

/// Takes out what the detector shows without a beam, and how unevenly it sees one:
///
///     p' = (p − dark) / (flat − dark)
///
/// Without a flat field nothing is divided by, and without a dark one nothing is subtracted. Pixels where
/// flat − dark is not above a tenth of its median see no light: they get the median of the living pixels
/// of the 5 × 5 about them, or of the smallest larger square that has any.
package struct FieldCorrection: PreparationStep {
  private let dark: [Float]?
  /// flat − dark
  private let light: [Float]?
  private let fieldSize: ImageSize
  /// Places of pixels that see no light, ascending.
  private let dead: [Int]

  /// Of the median: what a vignette leaves is above it.
  static let least = 0.1

  /// - Throws: ``PreparationError/noLight(value:)`` where the median of flat − dark is not above 0, and
  ///   ``PreparationError/fieldPair(flat:dark:)`` where the two differ in size.
  package init(flat: Image?, dark: Image?) throws(PreparationError) {
    guard let field = flat ?? dark else { preconditionFailure("a correction has a field") }
    fieldSize = field.size
    if let flat, let dark, flat.size != dark.size {
      throw .fieldPair(flat: flat.size, dark: dark.size)
    }
    self.dark = dark?.pixels
    guard let flat else {
      (light, dead) = (nil, [])
      return
    }
    var light = flat.pixels
    if let dark { for i in light.indices { light[i] -= dark.pixels[i] } }
    let middle = Double(upperMedian(light))
    guard middle > 0 else { throw .noLight(value: middle) }
    dead = light.indices.filter { !(Double(light[$0]) > Self.least * middle) }
    self.light = light
  }

  package var name: String { "fieldCorrection" }
  package var settings: [String: Setting] {
    guard light != nil else { return ["kind": .text("dark")] }
    let places = dead.prefix(20).map {
      "\($0 % fieldSize.columnCount),\($0 / fieldSize.columnCount)"
    }
    return [
      "kind": .text(dark == nil ? "flat" : "flat and dark"),
      "deadCount": .number(Double(dead.count)),
      "firstDead": .text(places.joined(separator: " ")),
    ]
  }

  package func size(after size: ImageSize) throws(PreparationError) -> ImageSize {
    guard size == fieldSize else {
      throw .fieldSize(option: light == nil ? "--dark" : "--flat", field: fieldSize, pages: size)
    }
    return size
  }

  package func apply(to page: Image, index: Int) -> PreparedPage {
    var result = page
    if let dark { for i in dark.indices { result.pixels[i] -= dark[i] } }
    guard let light else { return PreparedPage(result) }
    for i in light.indices { result.pixels[i] /= light[i] }
    let isDead = Set(dead)
    let filled = dead.map { medianOfLiving(result, about: $0, isDead) }
    for (i, value) in zip(dead, filled) { result.pixels[i] = value }
    return PreparedPage(result, touched: dead.count)
  }

  private func medianOfLiving(_ page: Image, about index: Int, _ isDead: Set<Int>) -> Float {
    let (row, column) = index.quotientAndRemainder(dividingBy: page.columnCount)
    var reach = 2
    while true {
      var living: [Float] = []
      for i in max(0, row - reach)...min(page.rowCount - 1, row + reach) {
        for j in max(0, column - reach)...min(page.columnCount - 1, column + reach) {
          let place = i * page.columnCount + j
          if !isDead.contains(place) { living.append(page.pixels[place]) }
        }
      }
      // More than half of a flat field is alive: its median is.
      if !living.isEmpty { return upperMedian(living) }
      reach *= 2
    }
  }
}
