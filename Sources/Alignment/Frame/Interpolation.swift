package import Fields
import RealModule

/// How the values between pixels are found where a page is placed.
///
/// A page that moves by whole pixels is copied bit by bit, whichever is chosen.
package enum Interpolation: String, Sendable {
  /// ``SplinePage``: detail is kept best, and sharp edges ring, below zero too.
  case cubicSpline = "cubic spline"
  /// Weights (1 − f, f) of the two nearest pixels along each direction: of pixels that hold 0 or more none falls
  /// below, and a shift hands every pixel on with weights that add up to 1.
  case linear

  package func placed(_ page: Image, at placement: Placement) -> PlacedPage {
    let rays = PlacedPixels(page, placement)
    guard placement.movesByFraction(page) else {
      return rays.gathered { page[Int($0.rounded()), Int($1.rounded())] }
    }
    switch self {
    case .cubicSpline: return SplinePage(page).placed(placement)
    case .linear: return rays.gathered { page.linear(row: $0, column: $1) }
    }
  }

  /// The variance of independent noise after placing, over that before: `Σ w²`, the mean over all fractions where a
  /// page is turned or magnified.
  ///
  ///     linear: (1 − f)² + f²      spline: ∫ |B_f(ω) / B_0(ω)|² dω / 2π,   B_f(ω) = Σ_k β³(k + f) e^{ikω}
  ///
  /// along each direction.
  package func varianceShare(_ placement: Placement, of page: ImageSize) -> Double {
    guard placement.movesByFraction(page) else { return 1 }
    guard placement.isShift(page) else {
      let mean = (0..<64).reduce(0) { $0 + share((Double($1) + 0.5) / 64) } / 64
      return mean * mean
    }
    func fraction(_ shift: Double) -> Double { shift - shift.rounded(.down) }
    return share(fraction(placement.across)) * share(fraction(placement.along))
  }

  private func share(_ f: Double) -> Double {
    guard self == .cubicSpline else { return (1 - f) * (1 - f) + f * f }
    let (g, h) = (1 - f, f)
    let weights = [
      g * g * g / 6, 2.0 / 3 - h * h + h * h * h / 2, 2.0 / 3 - g * g + g * g * g / 2,
      h * h * h / 6,
    ]
    let count = 128
    return (0..<count).reduce(0.0) { sum, k in
      let ω = 2 * .pi * Double(k) / Double(count)
      let re = weights.indices.reduce(0.0) { $0 + weights[$1] * .cos(ω * Double($1)) }
      let im = weights.indices.reduce(0.0) { $0 + weights[$1] * .sin(ω * Double($1)) }
      let knots = (2 + Double.cos(ω)) / 3
      return sum + (re * re + im * im) / (knots * knots)
    } / Double(count)
  }
}

/// A page where it belongs, and the part of its pixels that lie within the raw page.
package typealias PlacedPage = (page: Image, covered: Double)

/// Where the pixels of a placed page lie in the raw one.
struct PlacedPixels {
  let rowCount: Int
  let columnCount: Int
  /// The centre of the full page, in pixels of the raw one.
  let middle: (row: Double, column: Double)
  let placement: Placement

  init(
    rowCount: Int, columnCount: Int, middle: (row: Double, column: Double), _ placement: Placement
  ) {
    (self.rowCount, self.columnCount) = (rowCount, columnCount)
    (self.middle, self.placement) = (middle, placement)
  }

  init(_ page: Image, _ placement: Placement) {
    self.init(
      rowCount: page.rowCount, columnCount: page.columnCount,
      middle: (Double(page.rowCount - 1) / 2, Double(page.columnCount - 1) / 2), placement)
  }

  /// A page of what `value` gives at each place; outside, the nearest place of the border.
  @inline(__always)
  func gathered(_ value: (_ row: Double, _ column: Double) -> Float) -> PlacedPage {
    let back = placement.inverse
    let (c, s) = (
      back.magnification * .cos(back.rotation), back.magnification * .sin(back.rotation)
    )
    let (centreRow, centreColumn) = (Double(rowCount - 1) / 2, Double(columnCount - 1) / 2)
    let (lastRow, lastColumn) = (Double(rowCount - 1), Double(columnCount - 1))
    var result = [Float](repeating: 0, count: rowCount * columnCount)
    var inside = 0
    var span = result.mutableSpan
    for row in 0..<rowCount {
      let v = Double(row) - centreRow
      for column in 0..<columnCount {
        let u = Double(column) - centreColumn
        let (x, y) = (
          middle.column + back.across + c * u - s * v, middle.row + back.along + s * u + c * v
        )
        let (px, py) = (min(max(x, 0), lastColumn), min(max(y, 0), lastRow))
        if abs(px - x) <= 0.5 && abs(py - y) <= 0.5 { inside += 1 }
        span[row * columnCount + column] = value(py, px)
      }
    }
    return (
      Image(result, columnCount: columnCount), Double(inside) / Double(max(result.count, 1))
    )
  }
}

extension Placement {
  private static let rounding = 1e-6

  /// Whether no pixel of a page goes elsewhere than by the shift, to a millionth of a pixel.
  func isShift(_ page: ImageSize) -> Bool {
    let reach = Double(page.rowCount + page.columnCount) / 2
    return max(abs(rotation), abs(magnification - 1)) * reach < Self.rounding
  }

  /// Whether pixels go to places between pixels.
  package func movesByFraction(_ page: ImageSize) -> Bool {
    !isShift(page)
      || [across, along].contains { abs($0 - $0.rounded()) > Self.rounding }
  }

  func movesByFraction(_ page: Image) -> Bool { movesByFraction(page.size) }
}

extension Image {
  /// At a place within the page.
  @inline(__always)
  fileprivate func linear(row: Double, column: Double) -> Float {
    let (i, j) = (Int(row), Int(column))
    let (f, g) = (row - Double(i), column - Double(j))
    let (below, right) = (min(i + 1, rowCount - 1), min(j + 1, columnCount - 1))
    func line(_ i: Int) -> Double { (1 - g) * Double(self[i, j]) + g * Double(self[i, right]) }
    return Float((1 - f) * line(i) + f * line(below))
  }
}
