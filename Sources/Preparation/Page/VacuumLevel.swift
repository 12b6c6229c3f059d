package import Fields
import Statistics

/// The value of vacuum, found at the margin of a page.
///
/// The pixels of a frame, 1/32 of the shorter side wide, are sorted. The half of them that lies closest
/// together is halved again until three are left: the half-sample mode. The level is the mean of
/// those within three standard deviations of it, where the deviation is that of the values
/// on the side of the mode where they lie closer.
///
/// - Reference: D. R. Bickel and R. Frühwirth, Comput. Stat. Data Anal. 50, 3500 (2006).
package struct VacuumLevel: Sendable, Hashable {
  package let value: Double
  /// The standard deviation of single pixels of vacuum.
  package let deviation: Double
  /// The part of the frame that lies within three deviations of the level.
  package let share: Double

  package init(_ page: Image) {
    var frame: [Float] = []
    let width = max(2, min(page.rowCount, page.columnCount) / 32)
    for row in 0..<page.rowCount {
      let isWhole = row < width || row >= page.rowCount - width
      for column in 0..<page.columnCount
      where isWhole || column < width || column >= page.columnCount - width {
        frame.append(page[row, column])
      }
    }
    self.init(frame)
  }

  /// A level that is known, with the noise of the plain part that lies closer to it.
  init(_ level: Double, _ parts: PlainParts) {
    let isLow = abs(level - parts.lowest.level) <= abs(level - parts.highest.level)
    let part = isLow ? parts.lowest : parts.highest
    (value, deviation, share) = (level, part.noise, part.share)
  }

  /// The level of some pixels, most of which show vacuum.
  init(_ pixels: [Float]) {
    let frame = pixels.sorted()
    let mode = Self.mode(frame)
    let (below, above) = (
      Self.spread(frame.filter { $0 <= mode }.map { mode - $0 }),
      Self.spread(frame.filter { $0 >= mode }.map { $0 - mode })
    )
    let spread = min(below, above)
    let near = frame.filter { abs($0 - mode) <= 3 * spread }.map { Double($0) }
    let mean = near.reduce(0, +) / Double(near.count)
    let squares = near.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    (value, deviation) = (mean, (squares / Double(near.count)).squareRoot())
    share = Double(near.count) / Double(frame.count)
  }

  private static func mode(_ sorted: [Float]) -> Float {
    var range = 0..<sorted.count
    while range.count > 3 {
      let half = (range.count + 1) / 2
      var (best, start) = (Float.infinity, range.lowerBound)
      for i in range.lowerBound...range.upperBound - half {
        let length = sorted[i + half - 1] - sorted[i]
        if length < best { (best, start) = (length, i) }
      }
      range = start..<start + half
      if best == 0 { return sorted[start] }
    }
    return sorted[(range.lowerBound + range.upperBound - 1) / 2]
  }

  /// The median distance, as a standard deviation.
  private static func spread(_ distances: [Float]) -> Float {
    1.4826 * upperMedian(distances)
  }
}
