import Fields
import Imaging
import RealModule

/// A blur in the basis that makes it diagonal: each coefficient is multiplied with a number of its own.
///
/// With periodic ends that is the Fourier basis. With reflecting ends and a spread that each axis may
/// be mirrored in, it is the cosine basis; its eigenvalues are those of the first column,
/// `ĥ = C(H e₁) / C(e₁)`. Forward differences, zero at the far edge or around it, are diagonal there too:
///
///     |d|² = Σ_axes 2 − 2 cos ω,   ω = 2πk/N (periodic) or πk/N (reflecting)
///
/// - Reference: P. C. Hansen, J. G. Nagy and D. P. O'Leary, Deblurring Images (2006), chapter 4.
struct DiagonalBlur: Sendable {
  let grid: Grid
  let transform: GridTransform
  /// `ĥ`, in the order of the coefficients.
  private let response: [Double]
  /// `|d|²` along planes, rows and columns.
  private let costs: [[Double]]
  /// What turns a squared coefficient into the mean square that white noise has, by axis.
  private let scales: [[Double]]
  /// How many coefficients of the whole transform each `k` stands for.
  private let multiplicities: [Double]

  /// - Returns: `nil` for other ends and spreads.
  init?(_ blur: FieldBlur) {
    switch blur.ends {
    case .zero: return nil
    case .periodic:
      transform = blur.transform
      response = blur.response
    case .reflecting:
      guard blur.spread.isMirrorSymmetric else { return nil }
      let grid = blur.grid
      transform = GridTransform(
        .cosine, planeCount: grid.planeCount, rowCount: grid.rowCount,
        columnCount: grid.columnCount, workers: blur.workers)
      response = Self.eigenvalues(blur, transform)
    }
    grid = blur.grid
    let isPeriodic = blur.ends == .periodic
    let counts = [grid.planeCount, grid.rowCount, grid.columnCount]
    costs = counts.map { n in
      (0..<n).map { 2 - 2 * .cos((isPeriodic ? 2 : 1) * .pi * Double($0) / Double(n)) }
    }
    scales = counts.enumerated().map { axis, n in
      if isPeriodic { return Array(repeating: 1 / Double(n), count: n) }
      // An image has no transform along its planes.
      guard n > 1 || axis > 0 else { return [1] }
      return (0..<n).map { 1 / Double(($0 == 0 ? 4 : 2) * n) }
    }
    let columns = grid.columnCount
    multiplicities = (0..<transform.modeColumnCount).map { k in
      !isPeriodic || k == 0 || 2 * k == columns ? 1 : 2
    }
  }

  private static func eigenvalues(_ blur: FieldBlur, _ transform: GridTransform) -> [Double] {
    let grid = blur.grid
    var first = [Double](repeating: 0, count: grid.count)
    first[0] = 1
    var image = first
    blur.apply(first.span, into: image.mutableSpan)
    var values = [Double](repeating: 0, count: transform.coefficientCount)
    @Sendable func cosine(_ k: Int, _ n: Int) -> Double {
      2 * .cos(.pi * Double(k) / Double(2 * n))
    }
    let (source, width) = (image.span, grid.columnCount)
    transform.analyse(
      into: &values,
      fill: { row, line in
        for i in 0..<width { line[i] = source[row * width + i] }
      }
    ) { k, line in
      for p in 0..<grid.planeCount {
        for r in 0..<grid.rowCount {
          let plane = grid.planeCount > 1 ? cosine(p, grid.planeCount) : 1
          line[p * grid.rowCount + r] /=
            plane * cosine(r, grid.rowCount) * cosine(k, grid.columnCount)
        }
      }
    }
    return values
  }

  /// The coefficients of a field.
  func coefficients(of field: FloatStorage) -> [Double] {
    var values = [Double](repeating: 0, count: transform.coefficientCount)
    let source = field.span
    let width = grid.columnCount
    transform.analyse(into: &values) { row, line in
      for i in 0..<width { line[i] = Double(source[row * width + i]) }
    }
    return values
  }

  /// One mode of the blur and its measurement.
  struct Mode {
    /// `|ĥ|²`
    let gain: Double
    /// `|d|²`
    let cost: Double
    /// `|ŷ|²`, scaled so that white noise has its variance.
    let power: Double
    /// Modes that it stands for.
    let multiplicity: Double
    /// `k` of planes, rows and columns.
    let place: (Int, Int, Int)
  }

  /// Adds up what `body` makes of each mode, line by line.
  func sums<Sum: Sendable>(
    _ coefficients: [Double], _ zero: Sum, _ add: @Sendable (inout Sum, Mode) -> Void
  ) -> [Sum] {
    transform.workers.results(transform.modeColumnCount) { k in
      var sum = zero
      forEachMode(k, coefficients.span) { _, mode in add(&sum, mode) }
      return sum
    }
  }

  @inline(__always)
  private func forEachMode(
    _ k: Int, _ coefficients: Span<Double>, _ body: (_ index: Int, Mode) -> Void
  ) {
    let (width, rows) = (transform.width, grid.rowCount)
    for plane in 0..<grid.planeCount {
      for row in 0..<rows {
        let i = k * transform.lineStride + (plane * rows + row) * width
        var (gain, power) = (response[i] * response[i], coefficients[i] * coefficients[i])
        if width == 2 {
          gain += response[i + 1] * response[i + 1]
          power += coefficients[i + 1] * coefficients[i + 1]
        }
        body(
          i,
          Mode(
            gain: gain, cost: costs[0][plane] + costs[1][row] + costs[2][k],
            power: power * scales[0][plane] * scales[1][row] * scales[2][k],
            multiplicity: multiplicities[k], place: (plane, row, k)))
      }
    }
  }

  /// The same with the distance of `ĥ* φ ŷ` from the coefficients of a truth, for any `φ`.
  func comparisons<Sum: Sendable>(
    _ coefficients: [Double], _ truth: [Double], _ zero: Sum,
    _ add: @Sendable (inout Sum, Mode, _ difference: (_ factor: Double) -> Double) -> Void
  ) -> [Sum] {
    transform.workers.results(transform.modeColumnCount) { k in
      var sum = zero
      forEachMode(k, coefficients.span) { i, mode in
        let scale = scales[0][mode.place.0] * scales[1][mode.place.1] * scales[2][k]
        // ĥ* ŷ
        var (re, im, other) = (response[i] * coefficients[i], 0.0, 0.0)
        if transform.width == 2 {
          re += response[i + 1] * coefficients[i + 1]
          im = response[i] * coefficients[i + 1] - response[i + 1] * coefficients[i]
          other = truth[i + 1]
        }
        add(&sum, mode) { φ in
          let (a, b) = (φ * re - truth[i], φ * im - other)
          return scale * (a * a + b * b)
        }
      }
      return sum
    }
  }

  /// The field with the coefficients `ĥ* φ ŷ`.
  ///
  /// - Parameter factor: `φ`, one a mode.
  func filtered(
    _ coefficients: [Double], by factor: @Sendable (Mode) -> Double
  ) -> FloatStorage {
    var values = transform.take(coefficients.count)
    let source = coefficients.span
    transform.returnLines(&values) { k, line in
      let start = k * transform.lineStride
      forEachMode(k, source) { i, mode in
        let φ = factor(mode)
        let re = response[i]
        if transform.width == 1 {
          line[i - start] = φ * re * source[i]
        } else {
          let im = response[i + 1]
          line[i - start] = φ * (re * source[i] + im * source[i + 1])
          line[i - start + 1] = φ * (re * source[i + 1] - im * source[i])
        }
      }
    }
    var field = FloatStorage(zeros: grid.count)
    transform.field(values, into: field.mutableSpan)
    transform.keep(&values)
    return field
  }
}
