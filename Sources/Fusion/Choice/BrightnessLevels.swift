import Fields
import RealModule

/// Pixels that are alike in brightness: the mean of HAADF, the mean signal of each element by its counts, and the
/// variances of these.
struct BrightnessLevel {
  let pixels: Double
  let brightness: Double
  let signals: [Double]
  let variances: [Double]

  /// Sums over the pixels of a level.
  fileprivate struct Sums {
    var pixels = 0.0
    var brightness = 0.0
    var elements: [Element]

    struct Element {
      var (signal, predicted, counted, variance) = (0.0, 0.0, 0.0, 0.0)
    }

    init(elementCount: Int) {
      elements = [Element](repeating: Element(), count: elementCount)
    }

    static func += (sums: inout Sums, more: Sums) {
      sums.pixels += more.pixels
      sums.brightness += more.brightness
      for e in sums.elements.indices {
        sums.elements[e].signal += more.elements[e].signal
        sums.elements[e].predicted += more.elements[e].predicted
        sums.elements[e].counted += more.elements[e].counted
        sums.elements[e].variance += more.elements[e].variance
      }
    }
  }

  /// `u = (Σ A x^γ / n) ρ^γ` with `ρ = Σ counted / Σ predicted`.
  fileprivate init(_ sums: Sums, units: [Double], γ: Double) {
    (pixels, brightness) = (sums.pixels, sums.brightness / sums.pixels)
    var (signals, variances) = ([Double](), [Double]())
    for (sum, unit) in zip(sums.elements, units) {
      // One more count: none at all is not known to be none.
      let variance = sum.variance + unit * unit
      // Where a fit has next to nothing, counts are taken as evenly spread.
      let isFlat = sum.predicted <= 0.1 * sum.counted || sum.predicted <= 0
      let predicted = isFlat ? sums.pixels : sum.predicted
      let ratio = sum.counted / predicted
      let mean = isFlat ? 1 : sum.signal / sums.pixels
      let error = variance.squareRoot() / predicted
      let slope = γ == 1 ? 1 : γ * Double.pow(max(ratio, error), γ - 1)
      signals.append(mean * (γ == 1 ? ratio : Double.pow(max(ratio, 0), γ)))
      variances.append(mean * mean * slope * slope * error * error)
    }
    (self.signals, self.variances) = (signals, variances)
  }
}

extension FusionProblem {
  private static let levelsPerElement = 16

  /// Levels by HAADF, with what a fit says of the counts.
  ///
  /// Each pixel goes by the mean of its neighbours in HAADF, which does not know its own noise, and counts know nothing
  /// of HAADF's noise: their means are free of bias, however few they are. (What a fit predicts of HAADF would follow its
  /// noise.)
  ///
  /// - Parameters:
  ///   - x: concentrations, of which the largest decides whose level a pixel is.
  ///   - fit: an even one of 1 where there is none.
  func levels(_ x: borrowing FloatStorage, fit: borrowing FloatStorage) -> [BrightnessLevel] {
    let pictures = data.haadf.pictures
    let measured = data.haadf.measurement
    var near = FloatStorage(zeros: measured.count)
    var means = near.mutableSpan
    for row in 0..<pictures.rowCount {
      for column in 0..<pictures.columnCount {
        means[pictures.index(0, row: row, column: column)] = pictures.neighbourMean(
          measured.span, row, column)
      }
    }
    return levels(of: near, x, data.maps.indices.map { countSignal($0, of: fit) })
  }

  /// Levels hold about equal parts of the departures from the mean, so that few bright columns have levels of their own.
  ///
  /// Above a tenth of the range, each element has levels of its own where it is the one with most. (What a fit shows in
  /// dark pixels is the noise of their counts, and a choice by it would be one by that noise.)
  private func levels(
    of brightness: borrowing FloatStorage, _ x: borrowing FloatStorage, _ counts: [CountSignal]
  ) -> [BrightnessLevel] {
    let elements = data.maps.indices
    let pictures = data.haadf.pictures
    let measured = data.haadf.measurement
    let (y, x, brightness) = (measured.span, x.span, brightness.span)
    var classes = elements.map { _ in [(index: Int, brightness: Double)]() }
    var (darkest, top) = (Double.infinity, -Double.infinity)
    for block in pictures.blocks(64) {
      pictures.forEachPixel(of: block) { i in
        (darkest, top) = (min(darkest, Double(brightness[i])), max(top, Double(brightness[i])))
      }
    }
    let dark = darkest + 0.1 * (top - darkest)
    for block in pictures.blocks(64) {
      pictures.forEachPixel(of: block) { i in
        let most = elements.max { x[$0 * data.voxelCount + i] < x[$1 * data.voxelCount + i] } ?? 0
        classes[Double(brightness[i]) > dark ? most : 0].append((i, Double(brightness[i])))
      }
    }
    let pixelCount = Double(pictures.shape.valueCount)
    let mean = classes.joined().reduce(0) { $0 + $1.brightness } / pixelCount
    let spread = classes.joined().reduce(0) { $0 + abs($1.brightness - mean) }
    let none = BrightnessLevel.Sums(elementCount: elements.count)
    var levels: [BrightnessLevel.Sums] = []
    for pixels in classes {
      let first = levels.count
      var (level, weight) = (none, 0.0)
      for pixel in pixels.sorted(by: { $0.brightness < $1.brightness }) {
        level.pixels += 1
        level.brightness += Double(y[pixel.index])
        for (e, count) in counts.enumerated() {
          level.elements[e].signal += Double(count.signal.span[pixel.index])
          level.elements[e].predicted += Double(count.predicted.span[pixel.index])
          level.elements[e].counted += Double(count.counted.span[pixel.index])
          level.elements[e].variance += Double(count.variance.span[pixel.index])
        }
        weight += abs(pixel.brightness - mean)
        guard weight > spread / Double(Self.levelsPerElement), level.pixels >= 16 else { continue }
        levels.append(level)
        (level, weight) = (none, 0)
      }
      if levels.count > first {
        levels[levels.count - 1] += level
      } else if level.pixels > 0 {
        levels.append(level)
      }
    }
    let γ = power
    return levels.map { BrightnessLevel($0, units: counts.map(\.unit), γ: γ) }
  }
}

extension Pictures {
  /// Over the two to four pixels beside one of the first picture.
  fileprivate func neighbourMean(_ y: Span<Float>, _ row: Int, _ column: Int) -> Float {
    var (sum, count) = (Float(0), Float(0))
    for (row, column) in [
      (row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1),
    ] where 0..<rowCount ~= row && 0..<columnCount ~= column {
      sum += y[index(0, row: row, column: column)]
      count += 1
    }
    return sum / max(count, 1)
  }
}
