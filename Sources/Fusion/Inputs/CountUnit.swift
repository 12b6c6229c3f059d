import Fields

/// What one count is worth in a map that was scaled, as programs that export maps do.
///
/// Counts `k` that were multiplied by `q` have a variance of `q` times their mean. The variance is read from the
/// differences of two Laplacians, which no plane survives (``SignalNoise``):
///
///     q = Σ (N ∗ y)² / 36 Σ ȳ
///
/// over all pixels with their neighbours; edges add a little to it.
struct CountUnit {
  /// `q`, 1 for counts.
  let value: Double

  /// Whole numbers are counts; so are others whose noise is that of counts within a factor of two, such as those that
  /// were placed between pixels.
  init(_ image: Image) {
    let isWhole = image.pixels.allSatisfy { $0 == $0.rounded() }
    guard !isWhole, image.rowCount >= 8, image.columnCount >= 8 else {
      value = 1
      return
    }
    var (squares, means) = (0.0, 0.0)
    for row in 1..<image.rowCount - 1 {
      for column in 1..<image.columnCount - 1 {
        let (mean, difference) = secondDifference { image[row + $0, column + $1] }
        squares += Double(difference) * Double(difference)
        means += Double(mean)
      }
    }
    let unit = means > 0 ? squares / 36 / means : 1
    value = unit > 0 && unit.isFinite && !(0.5...2 ~= unit) ? unit : 1
  }
}

extension ImageDetectors {
  /// The same detectors with maps that are scaled counts in units of one count.
  package func inCounts() -> ImageDetectors {
    var detectors = ImageDetectors(haadf, maps.map { $0.inCounts() })
    (detectors.spread, detectors.mapSpread, detectors.ends) = (spread, mapSpread, ends)
    (detectors.haadfSigma, detectors.workers) = (haadfSigma, workers)
    return detectors
  }
}

extension ImageDetectors.Map {
  fileprivate func inCounts() -> ImageDetectors.Map {
    guard case .poisson(let background) = noise else { return self }
    let unit = CountUnit(image).value
    guard unit != 1 else { return self }
    var map = ImageDetectors.Map(
      element, Image(image.pixels.map { $0 / Float(unit) }, columnCount: image.columnCount))
    map.noise = .poisson(background: background / unit)
    (map.scale, map.shift, map.unit) = (scale.map { $0 / unit }, shift, unit)
    return map
  }
}
