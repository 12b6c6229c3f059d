package import Fields
package import Operators

/// The blur of an image or a volume by a point spread, with a choice of what lies beyond its ends.
///
///     y = crop (h ⋆ extend(x)),     Hᵀ y = extendᵀ (h(−·) ⋆ cropᵀ(y))
///
/// Convolutions are products of Fourier transforms in double precision; the field is continued by what
/// lies beyond its ends as far as the point spread reaches. Fields are `[plane][row][column]`.
/// Cost: O(N log N). Memory: four doubles per point of the continued field, while it works.
package struct FieldBlur: SteppingOperator {
  package let spread: PointSpread
  package let grid: Grid
  package let ends: Ends
  package let workers: Workers

  private let axes: [AxisExtension]
  /// Of the continued field.
  package let transform: GridTransform
  /// `ĥ`, in the order of the transform's coefficients.
  package let response: [Double]

  /// Prepares the transform of the point spread, which is used as it is, whatever its sum.
  ///
  /// - Parameters:
  ///   - grid: planes, rows and columns of the fields that are blurred.
  ///   - ends: what is taken to lie beyond them.
  package init(_ spread: PointSpread, on grid: Grid, ends: Ends, workers: Workers = .all) {
    (self.spread, self.grid, self.ends, self.workers) = (spread, grid, ends, workers)
    let counts = [grid.planeCount, grid.rowCount, grid.columnCount]
    let axes = zip(counts, spread.reach).map {
      AxisExtension(count: $0, before: $1.before, after: $1.after, ends: ends)
    }
    self.axes = axes
    transform = GridTransform(
      .fourier, planeCount: axes[0].length, rowCount: axes[1].length, columnCount: axes[2].length,
      workers: workers)
    response = Self.response(of: spread, axes, transform)
  }

  private init(_ blur: FieldBlur, _ spread: PointSpread, _ response: [Double]) {
    (self.spread, grid, ends, workers) = (spread, blur.grid, blur.ends, blur.workers)
    (axes, transform, self.response) = (blur.axes, blur.transform, response)
  }

  /// The same blur with `Σ h = 1`.
  ///
  /// - Throws: ``BlurError`` where the weights come out too large for single precision.
  package func ofUnitSum() throws(BlurError) -> FieldBlur {
    let sum = spread.sum
    return FieldBlur(self, try spread.normalised(), response.map { $0 / sum })
  }

  package var domainCount: Int { grid.count }
  package var rangeCount: Int { grid.count }

  /// `y ← H x`
  package func apply(_ x: Span<Float>, into y: consuming MutableSpan<Float>) {
    run(x, into: y, .extend, .crop, times: response) { $0 = Float($1) }
  }

  /// `y ← H f(x)`, with `f` of each value by itself.
  func apply(
    _ x: Span<Float>, into y: consuming MutableSpan<Float>,
    of map: @escaping @Sendable (Float) -> Double
  ) {
    run(x, into: y, .extend, .crop, times: response, reading: map) { $0 = Float($1) }
  }

  /// `x ← Hᵀ y`
  package func applyAdjoint(_ y: Span<Float>, into x: consuming MutableSpan<Float>) {
    run(y, into: x, .pad, .fold, times: response, conjugate: true) { $0 = Float($1) }
  }

  /// `y ← H x` in double precision.
  package func apply(_ x: Span<Double>, into y: consuming MutableSpan<Double>) {
    run(x, into: y, .extend, .crop, times: response) { $0 = $1 }
  }

  /// `x ← Hᵀ y` in double precision.
  package func applyAdjoint(_ y: Span<Double>, into x: consuming MutableSpan<Double>) {
    run(y, into: x, .pad, .fold, times: response, conjugate: true) { $0 = $1 }
  }

  /// `y ← crop F⁻¹ (g · F(pad x))`: a filter that is symmetric, as a preconditioner has to be.
  ///
  /// - Parameter factors: `g`, complex with zero imaginary parts, in the order of ``response``.
  package func filter(
    _ x: Span<Double>, into y: consuming MutableSpan<Double>, times factors: [Double]
  ) {
    run(x, into: y, .pad, .crop, times: factors) { $0 = $1 }
  }

  /// `x ← clip(x − T Hᵀ y)`
  package func stepAlongAdjoint(
    _ y: Span<Float>, from x: consuming MutableSpan<Float>, steps: RunFactors,
    clippedTo bounds: ClosedRange<Float>
  ) {
    precondition(steps.values.count == 1, "a blur steps alike everywhere")
    let step = steps[0]
    let (lower, upper) = (bounds.lowerBound, bounds.upperBound)
    run(y, into: x, .pad, .fold, times: response, conjugate: true) { x, pull in
      let moved = x - step * Float(pull)
      x = moved < lower ? lower : moved > upper ? upper : moved
    }
  }

  /// `Σ |h|` for both; mirrored points of a lopsided spread may meet a pixel more than once.
  package func absoluteSums() -> (rows: RunFactors, columns: RunFactors) {
    let sum = RunFactors(uniform: Float(spread.absoluteSum))
    guard ends == .reflecting, !spread.isMirrorSymmetric,
      let absolute = try? PointSpread(
        spread.weights.map { abs($0) }, on: spread.grid, origin: spread.origin)
    else { return (sum, sum) }
    let ones = [Double](repeating: 1, count: rangeCount)
    var columns = ones
    FieldBlur(absolute, on: grid, ends: ends, workers: workers)
      .applyAdjoint(ones.span, into: columns.mutableSpan)
    return (sum, RunFactors(uniform: Float(columns.max() ?? 0)))
  }
}

extension FieldBlur {
  /// How a field is laid into the continued one.
  enum Entrance { case extend, pad }
  /// How a field is made of the continued one: part of it, or the sum of all that was continued.
  enum Exit { case crop, fold }

  /// The pass that all of the above are made of; `write` has the target and the new value.
  @inline(__always)
  private func run<Scalar: BinaryFloatingPoint & BitwiseCopyable & Sendable>(
    _ x: Span<Scalar>, into y: consuming MutableSpan<Scalar>, _ entrance: Entrance, _ exit: Exit,
    times factors: [Double], conjugate: Bool = false,
    reading map: @escaping @Sendable (Scalar) -> Double = { Double($0) },
    _ write: @Sendable (inout Scalar, Double) -> Void
  ) {
    precondition(x.count == grid.count && y.count == grid.count, "fields do not fit the blur")
    let sign: Double = conjugate ? -1 : 1
    let factors = factors.span
    let sources = entrance == .extend ? axes.map(\.sources) : axes.map(\.places)
    let (rows, columns) = (axes[1].length, sources[2])
    var coefficients = transform.take(transform.coefficientCount)
    transform.analyse(
      into: &coefficients,
      fill: { row, values in
        guard let plane = sources[0][row / rows], let line = sources[1][row % rows] else {
          return
        }
        let start = (plane * grid.rowCount + line) * grid.columnCount
        for i in columns.indices {
          if let column = columns[i] {
            unsafe values[unchecked: i] = map(x[unchecked: start &+ column])
          }
        }
      },
      body: { k, line in
        let first = k * transform.lineStride
        for i in stride(from: 0, to: line.count, by: 2) {
          let (re, im) = unsafe (line[unchecked: i], line[unchecked: i &+ 1])
          let a = unsafe factors[unchecked: first &+ i]
          let b = unsafe sign * factors[unchecked: first &+ i &+ 1]
          unsafe line[unchecked: i] = a * re - b * im
          unsafe line[unchecked: i &+ 1] = a * im + b * re
        }
      }, returns: true)
    leave(coefficients, into: y, exit, write)
    transform.keep(&coefficients)
  }

  @inline(__always)
  private func leave<Scalar: BinaryFloatingPoint & BitwiseCopyable & Sendable>(
    _ coefficients: borrowing [Double], into y: consuming MutableSpan<Scalar>, _ exit: Exit,
    _ write: @Sendable (inout Scalar, Double) -> Void
  ) {
    let (rows, width) = (axes[1].length, grid.columnCount)
    let (planeSources, rowSources) = (axes[0].origins(exit), axes[1].origins(exit))
    let folds = exit == .fold && ends == .reflecting
    let (offset, columns) = (axes[2].offset, axes[2].sources)
    let all = planeSources.flatMap { planes in
      rowSources.map { lines in planes.flatMap { p in lines.map { p * rows + $0 } } }
    }
    let isSplit = folds || all.contains { $0.count > 1 }
    if !isSplit {
      transform.synthesise(
        coefficients, into: y, rows: GridTransform.Rows(length: width, all: all)
      ) { target, row, _ in
        for i in 0..<width {
          unsafe write(&target[unchecked: i], row[unchecked: offset &+ i])
        }
      }
      return
    }
    // Sums come first, since `write` is told the whole value.
    var sums = [Double](repeating: 0, count: grid.count)
    transform.synthesise(
      coefficients, into: sums.mutableSpan, rows: GridTransform.Rows(length: width, all: all)
    ) { target, row, _ in
      for i in columns.indices {
        if let column = columns[i] { target[column] += row[i] }
      }
    }
    let total = sums.span
    let parts = (0..<grid.planeCount * grid.rowCount).map { $0 * width..<($0 + 1) * width }
    workers.forEachPart(of: y, parts) { part, values in
      var values = values
      for i in values.indices { write(&values[i], total[part * width + i]) }
    }
  }

  /// `ĥ` of the spread, its origin at the first point of the continued field.
  private static func response(
    of spread: PointSpread, _ axes: [AxisExtension], _ transform: GridTransform
  ) -> [Double] {
    let lengths = axes.map(\.length)
    var kernel = [Double](repeating: 0, count: lengths.reduce(1, *))
    spread.forEach { offset, weight in
      // Without continued ends, what reaches past the whole field meets nothing.
      for axis in 0..<3 where axes[axis].ends == .zero && abs(offset[axis]) >= axes[axis].count {
        return
      }
      let place = zip(offset, lengths).map { ($0 % $1 + $1) % $1 }
      kernel[(place[0] * lengths[1] + place[1]) * lengths[2] + place[2]] += weight
    }
    var response = [Double](repeating: 0, count: transform.coefficientCount)
    let (values, width) = (kernel.span, lengths[2])
    transform.analyse(into: &response) { row, line in
      for i in 0..<width { line[i] = values[row * width + i] }
    }
    return response
  }
}

extension AxisExtension {
  /// What stands at each place of the continued axis.
  var sources: [Int?] { (0..<length).map(source) }

  /// The same where nothing is continued.
  var places: [Int?] {
    (0..<length).map { offset..<offset + count ~= $0 ? $0 - offset : nil }
  }

  /// The places of the continued axis that make up each value of the field.
  func origins(_ exit: FieldBlur.Exit) -> [[Int]] {
    guard exit == .fold else { return (0..<count).map { [offset + $0] } }
    var origins = [[Int]](repeating: [], count: count)
    for (place, source) in sources.enumerated() {
      if let source { origins[source].append(place) }
    }
    return origins
  }
}
