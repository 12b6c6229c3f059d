import Fields
import RealModule

extension FusionProblem {
  /// The counts of a map's pixel where HAADF shows nothing, and the background that was declared for it; `nil` where
  /// they agree, where HAADF shows something everywhere, and for maps that are not counts.
  ///
  /// Squares of 8 × 8 map pixels are looked at in which the mean of `b_H − o` lies within three standard
  /// errors of zero. Their mean `m` over n pixels tells of a background where
  ///
  ///     m − b > 3 √(m / n)
  func vacuumCounts(_ e: Int, _ calibration: Calibration) -> Double? {
    let (map, haadf) = (data.maps[e], data.haadf)
    guard case .poisson(let declared) = map.noise, map.binning.fine == haadf.pictures.shape
    else { return nil }
    let k = map.binning.factor
    let (seen, counts) = (haadf.measurement.span, map.measurement.span)
    var (sum, count) = (0.0, 0.0)
    for block in map.pictures.blocks(Consistency.side) {
      let fine = Pictures.Block(
        picture: block.picture, rows: block.rows.lowerBound * k..<block.rows.upperBound * k,
        columns: block.columns.lowerBound * k..<block.columns.upperBound * k)
      var signal = 0.0
      haadf.pictures.forEachPixel(of: fine) { signal += Double(seen[$0]) - calibration.offset }
      let pixels = Double(fine.rows.count * fine.columns.count)
      guard abs(signal) <= 3 * haadf.sigma * pixels.squareRoot() else { continue }
      map.pictures.forEachPixel(of: block) { sum += Double(counts[$0]) }
      count += Double(block.rows.count * block.columns.count)
    }
    guard count > 0, sum / count - declared > 3 * sum.squareRoot() / count else { return nil }
    return sum / count
  }
}
