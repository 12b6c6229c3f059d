import Fields
import Foundation
import Transforms
import Statistics

/// Which way the tilt axis runs in the pictures, by two measures.
///
/// **Common line.** Whatever the tilt, the sum of a picture across the axis is the same function of the place along
/// it. For both axes the profiles of the eight flattest pages are laid in turn over those of pages at 25° to 62°, shifted
/// and scaled to fit best after a band-pass, and the squared difference, times the number of pixels in
/// a sum, is the score: noise gives the same for both axes, the wrong axis more. The verdict rests on this.
///
/// **Cosine stretch.** The flat page, compressed by cos θ across the axis, is correlated with the page at θ. It holds
/// for thin specimens only: a round needle is as wide at any tilt.
///
/// - Reference: R. A. Crowther et al., Nature 226, 421 (1970), for common lines.
package struct AxisScores: Sendable, Hashable, Codable {
  /// Median squared differences of common lines; smaller is better.
  package let commonLineX: Double
  package let commonLineY: Double
  /// Mean correlations after a cosine stretch; larger is better.
  package let cosineStretchX: Double
  package let cosineStretchY: Double

  /// The part of the pairs in which the axis along y is the better one.
  package let agreement: Double

  /// How many times better the common line is for the axis along y; below 1 where that along x is.
  package var ratio: Double {
    (commonLineX + .leastNonzeroMagnitude) / (commonLineY + .leastNonzeroMagnitude)
  }

  /// - Returns: `nil` where no page is tilted far enough.
  init?(_ coarse: [Image], _ context: SeriesContext, workers: Workers) {
    let flat = context.flattest
    let all = context.tilts.map { abs($0 - context.tilts[flat]) }
    let high = all.indices.filter { 25...62 ~= all[$0] }
    let pages = high.count >= 4 ? high : all.indices.filter { 10...75 ~= all[$0] }
    guard !pages.isEmpty else { return nil }
    // The noise of a single flat page would favour the same axis in every pair.
    let low = all.indices.sorted { (all[$0], $0) < (all[$1], $1) }.prefix(8).filter { all[$0] < 15 }
    let lines = [TiltAxis.x, .y].map { axis in
      let flats = low.map { CommonLine(coarse[$0], axis) }
      return pages.enumerated().map { i, page in
        flats[i % flats.count].difference(CommonLine(coarse[page], axis))
      }
    }
    (commonLineX, commonLineY) = (upperMedian(lines[0]), upperMedian(lines[1]))
    agreement = Double(zip(lines[0], lines[1]).count { $0 > $1 }) / Double(pages.count)
    let small = coarse.map { $0.binned(by: max(1, min($0.rowCount, $0.columnCount) / 64)) }
    let transform = PlaneTransform(rows: small[flat].rowCount, columns: small[flat].columnCount)
    let filter = BandPass(narrow: 1, wide: 8)
    let stretch = [TiltAxis.x, .y].map { axis in
      let scores = workers.results(pages.count) { i -> Double in
        let factor = cos(all[pages[i]] * .pi / 180)
        let pressed = small[flat].compressed(by: factor, across: axis)
        let (a, b) = (pressed, small[pages[i]])
        let spectra = [a, b].map {
          PictureSpectrum(filter.filtered($0.pixels, columnCount: $0.columnCount), transform)
        }
        return spectra[1].shift(
          against: spectra[0], transform, reach: min(a.rowCount, a.columnCount) / 4
        ).correlation
      }
      return scores.reduce(0, +) / Double(scores.count)
    }
    (cosineStretchX, cosineStretchY) = (stretch[0], stretch[1])
  }

  static let limit = 2.0

  func finding(declared axis: TiltAxis) -> Finding {
    let favour = axis == .y ? ratio : 1 / ratio
    let other = axis == .y ? TiltAxis.x : .y
    let least = max(min(commonLineX, commonLineY), .leastNormalMagnitude)
    let scores = """
      common lines differ by \(short(commonLineX / least)) along x and \(short(commonLineY / least)) along y \
      (lower is better); cosine stretch \
      x \(short(cosineStretchX)), y \(short(cosineStretchY))
      """
    let share = axis == .y ? agreement : 1 - agreement
    if favour <= 1 / Self.limit && share < 0.25 {
      return Finding(
        .tiltAxis, .fault,
        "The tilt axis runs along \(other.rawValue), not along \(axis.rawValue): \(scores).",
        cure: "Pass --tilt-axis \(other.rawValue)."
      ).scored(favour, limit: 1 / Self.limit)
    }
    let isClear = favour >= Self.limit && share > 0.75
    return Finding(
      .tiltAxis, isClear ? .passed : .note,
      isClear
        ? "The tilt axis runs along \(axis.rawValue): \(scores)."
        : "The pages do not show the direction of the tilt axis: \(scores).",
      cure: isClear ? nil : "Check that it runs along \(axis.rawValue), or pass --tilt-axis."
    ).scored(favour, limit: Self.limit)
  }
}

/// The band-passed profile of a page along a tilt axis, in at most 128 steps.
private struct CommonLine {
  let values: [Double]
  /// Pixels in one sum.
  let width: Int

  init(_ page: Image, _ axis: TiltAxis) {
    let (count, width) =
      axis == .y ? (page.rowCount, page.columnCount) : (page.columnCount, page.rowCount)
    let step = max(1, count / 64)
    var sums = [Double](repeating: 0, count: count / step)
    for place in 0..<sums.count * step {
      for other in 0..<width {
        sums[place / step] += Double(axis == .y ? page[place, other] : page[other, place])
      }
    }
    let means = sums.map { $0 / Double(width * step) }
    let (fine, coarse) = (Self.blurred(means, 0.7), Self.blurred(means, 10))
    values = zip(fine, coarse).map { $0 - $1 }
    self.width = width * step
  }

  /// The mean squared difference at the best shift and scale, times the width.
  func difference(_ other: CommonLine) -> Double {
    let reach = min(12, values.count / 4)
    guard values.count > 2 * reach + 4 else { return 0 }
    let inner = reach..<values.count - reach
    let theirs = Self.centred(inner.map { other.values[$0] })
    let shifts = stride(from: -Double(reach), through: Double(reach), by: 0.25)
    return shifts.map { shift in
      let ours = Self.centred(inner.map { at(Double($0) + shift) })
      let (square, product) = zip(ours, theirs).reduce((0.0, 0.0)) {
        ($0.0 + $1.0 * $1.0, $0.1 + $1.0 * $1.1)
      }
      let scale = square > 0 ? product / square : 0
      let sum = zip(ours, theirs).reduce(0) { $0 + ($1.1 - scale * $1.0) * ($1.1 - scale * $1.0) }
      return sum / Double(inner.count) * Double(width)
    }.min() ?? 0
  }

  private func at(_ place: Double) -> Double {
    let low = min(max(Int(place.rounded(.down)), 0), values.count - 2)
    let part = min(max(place - Double(low), 0), 1)
    return values[low] * (1 - part) + values[low + 1] * part
  }

  private static func centred(_ values: [Double]) -> [Double] {
    let mean = values.reduce(0, +) / Double(values.count)
    return values.map { $0 - mean }
  }

  private static func blurred(_ values: [Double], _ sigma: Double) -> [Double] {
    let reach = Int((4 * sigma).rounded(.up))
    let kernel = (-reach...reach).map { exp(-Double($0 * $0) / (2 * sigma * sigma)) }
    let sum = kernel.reduce(0, +)
    return values.indices.map { i in
      kernel.indices.reduce(0) { total, k in
        total + kernel[k] * values[min(max(i + k - reach, 0), values.count - 1)]
      } / sum
    }
  }
}

extension Image {
  /// The page pressed together about its middle across a tilt axis, linear between pixels; the ends are continued.
  func compressed(by factor: Double, across axis: TiltAxis) -> Image {
    let count = axis == .y ? columnCount : rowCount
    let middle = Double(count - 1) / 2
    let sources = (0..<count).map { i -> (low: Int, part: Float) in
      let place = min(max((Double(i) - middle) / factor + middle, 0), Double(count - 1))
      let low = min(Int(place), max(count - 2, 0))
      return (low, Float(place - Double(low)))
    }
    var result = self
    for row in 0..<rowCount {
      for column in 0..<columnCount {
        let (low, part) = sources[axis == .y ? column : row]
        let next = min(low + 1, count - 1)
        let (a, b) =
          axis == .y ? (self[row, low], self[row, next]) : (self[low, column], self[next, column])
        result[row, column] = a + part * (b - a)
      }
    }
    return result
  }
}
