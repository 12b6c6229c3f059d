import Fields
import RealModule
import Statistics

extension SeriesDetectors {
  /// Views with the yields of their tilts, found together for all maps of counts that have the same tilts.
  func yielding(_ views: [ElementMap], _ pictures: Pictures) -> [ElementMap] {
    guard yields != .equal else { return views }
    let leavesField = hasChangingTotal(pictures)
    var result = views
    var left = views.indices.filter {
      if case .poisson = views[$0].noise { views[$0].pictures.count > 1 } else { false }
    }
    while let first = left.first {
      let group = left.filter { maps[$0].series.tilts == maps[first].series.tilts }
      left.removeAll { group.contains($0) }
      let fit = YieldFit(group.map { views[$0] })
      let found = TiltYields(
        values: fit.values, errors: fit.errors, departure: fit.departure,
        isUsed: yields == .free || (fit.departure > TiltYields.limit && !leavesField),
        fieldIsLeft: leavesField)
      for e in group { result[e] = views[e].yielding(found) }
    }
    return result
  }

  /// Whether what HAADF pages hold above their darkest squares of 8 × 8 pixels changes by more than 3 % (rms).
  private func hasChangingTotal(_ pictures: Pictures) -> Bool {
    let values = haadf.projections.span
    let sums = pictures.sums(of: haadf.projections)
    var least = [Double](repeating: .infinity, count: pictures.count)
    for block in pictures.blocks(8) {
      var (sum, count) = (0.0, 0.0)
      pictures.forEachPixel(of: block) {
        sum += Double(values[$0])
        count += 1
      }
      least[block.picture] = min(least[block.picture], sum / count)
    }
    let pixels = Double(pictures.rowCount * pictures.columnCount)
    let dark = upperMedian(least)
    let mean = sums.reduce(0, +) / Double(sums.count)
    let variance = sums.reduce(0.0) { $0 + ($1 - mean) * ($1 - mean) } / Double(sums.count)
    return variance.squareRoot() > 0.03 * abs(mean - dark * pixels)
  }
}
