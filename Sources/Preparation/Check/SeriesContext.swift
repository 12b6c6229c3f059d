package import Fields
import Statistics

/// What is known of a series besides its pages.
package struct SeriesContext: Sendable {
  /// One angle a page, in degrees, as they would be used.
  package let tilts: [Double]
  package let axis: TiltAxis
  /// Angles that the file itself, or one beside it, tells, where others were given.
  package var recordedTilts: [Double]?
  /// Where those stand.
  package var recordedIn = ""
  /// Whether the angles used are those that the file itself tells.
  package var isRecorded = false
  /// nm, between columns and between rows.
  package var pixelSize: Double?
  package var rowSpacing: Double?

  package init(tilts: [Double], axis: TiltAxis) { (self.tilts, self.axis) = (tilts, axis) }

  /// Pages in ascending order of their angles; equal angles keep their order.
  var ascending: [Int] { tilts.indices.sorted { (tilts[$0], $0) < (tilts[$1], $1) } }

  /// The page closest to 0°.
  var flattest: Int { tilts.indices.min { abs(tilts[$0]) < abs(tilts[$1]) } ?? 0 }

  /// The median step between neighbouring angles, in degrees.
  var step: Double {
    let sorted = ascending.map { tilts[$0] }
    return upperMedian(zip(sorted.dropFirst(), sorted).map { $0 - $1 })
  }
}
