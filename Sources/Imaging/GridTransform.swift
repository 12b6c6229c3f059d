package import Fields
import Synchronization

/// The discrete Fourier or cosine transform of a real field on a grid, in double precision.
///
///     fourier   X[k] = Σ_n x[n] exp(−2πi kn / N)               along each axis
///     cosine    X[k] = 2 Σ_n x[n] cos(π k (n + ½) / N)         (DCT-II)
///
/// Rows are transformed first; what comes of them is then kept column by column, `[k][plane][row]`,
/// with `k` up to half the columns (Fourier, complex) or all of them (cosine, real), so that planes
/// and rows of one `k` lie together, are transformed in place and belong to one thread. Plans are
/// estimated, and each thread runs its own lines: the bytes do not depend on their number.
/// Cost: O(N log N). Memory: two doubles per point beside the field.
///
/// Source: M. Frigo and S. G. Johnson, Proc. IEEE 93 (2005) 216–231.
@safe
package final class GridTransform: @unchecked Sendable {
  package enum Kind: Sendable { case fourier, cosine }

  package let kind: Kind
  package let planeCount: Int
  package let rowCount: Int
  package let columnCount: Int
  /// Values of `k` along the rows.
  package let modeColumnCount: Int
  /// Doubles of a coefficient: 2, or 1.
  package let width: Int
  /// Doubles from one row to the next, and from one `k` to the next.
  let rowStride: Int
  package let lineStride: Int
  package let workers: Workers

  private let rowPlans: LinePlans
  private let linePlans: LinePlans
  private let idle = Mutex<[[Double]]>([])

  package init(
    _ kind: Kind, planeCount: Int, rowCount: Int, columnCount: Int, workers: Workers
  ) {
    (self.kind, self.workers) = (kind, workers)
    (self.planeCount, self.rowCount, self.columnCount) = (planeCount, rowCount, columnCount)
    width = kind == .fourier ? 2 : 1
    modeColumnCount = kind == .fourier ? columnCount / 2 + 1 : columnCount
    // Lines start on 64-byte boundaries, and not a power of two apart, which caches dislike.
    rowStride = (modeColumnCount * width + 7) / 8 * 8 + 8
    lineStride = (planeCount * rowCount * width + 7) / 8 * 8 + 8
    rowPlans = LinePlans(rows: columnCount, kind)
    linePlans = LinePlans(lines: planeCount > 1 ? [planeCount, rowCount] : [rowCount], kind)
  }

  /// Doubles of all coefficients, `[k][plane][row]` with ``lineStride``.
  package var coefficientCount: Int { modeColumnCount * lineStride }

  /// The factor by which both transforms, one after the other, multiply a field.
  package var gain: Double {
    let points = Double(planeCount * rowCount * columnCount)
    guard kind == .cosine else { return points }
    return points * (planeCount > 1 ? 8 : 4)
  }

  /// Rows and columns that are moved together: two cache lines of them.
  private static let tile = 16

  private func tiles(_ count: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: Self.tile).map { $0..<min(count, $0 + Self.tile) }
  }

  /// Transforms a field and hands on each line of coefficients.
  ///
  /// - Parameters:
  ///   - fill: writes row `row` of `planeCount · rowCount` into zeroed memory.
  ///   - body: may change the coefficients of one `k`, `[plane][row]`.
  ///   - returns: whether lines are transformed back, for ``synthesise(_:into:rows:take:)``.
  package func analyse(
    into coefficients: inout [Double],
    fill: @Sendable (_ row: Int, _ values: inout MutableSpan<Double>) -> Void,
    body: @Sendable (_ k: Int, _ line: inout MutableSpan<Double>) -> Void = { _, _ in },
    returns: Bool = false
  ) {
    precondition(coefficients.count == coefficientCount, "coefficients do not fit the transform")
    withRows { rows in
      let groups = tiles(planeCount * rowCount)
      workers.forEachPart(of: rows.mutableSpan, groups.map { scaled($0, rowStride) }) {
        group, values in
        var values = values
        for row in groups[group] {
          var line = values._mutatingExtracting(
            scaled(row - groups[group].lowerBound, rowStride))
          for i in line.indices { unsafe line[unchecked: i] = 0 }
          fill(row, &line)
          rowPlans.forward(&line)
        }
      }
      let source = rows.span
      let columns = tiles(modeColumnCount)
      workers.forEachPart(of: coefficients.mutableSpan, columns.map { scaled($0, lineStride) }) {
        group, values in
        var values = values
        gather(columns[group], of: source, into: &values)
        for k in columns[group] {
          var line = values._mutatingExtracting(
            scaled(k - columns[group].lowerBound, lineStride))
          linePlans.forward(&line)
          body(k, &line)
          if returns { linePlans.inverse(&line) }
        }
      }
    }
  }

  /// Lets `body` change coefficients, and transforms their lines back.
  package func returnLines(
    _ coefficients: inout [Double],
    body: @Sendable (_ k: Int, _ line: inout MutableSpan<Double>) -> Void
  ) {
    let lines = (0..<modeColumnCount).map { scaled($0, lineStride) }
    workers.forEachPart(of: coefficients.mutableSpan, lines) { k, values in
      var line = values
      body(k, &line)
      linePlans.inverse(&line)
    }
  }

  /// Row `row` of the field whose lines were transformed back, times ``gain``.
  func row(_ row: Int, of coefficients: Span<Double>, into values: inout MutableSpan<Double>) {
    for k in 0..<modeColumnCount {
      let source = k * lineStride + row * width
      if width == 2 {
        unsafe values[unchecked: 2 * k] = coefficients[unchecked: source]
        unsafe values[unchecked: 2 * k + 1] = coefficients[unchecked: source + 1]
      } else {
        unsafe values[unchecked: k] = coefficients[unchecked: source]
      }
    }
    rowPlans.inverse(&values)
  }

  /// Calls `take` with every row of the field whose lines were transformed back, over ``gain``.
  ///
  /// - Parameters:
  ///   - field: what `take` writes to, `[part]`, where each part has a number of rows of its own.
  ///   - rows: the rows that each part asks for, in this order.
  func synthesise<Scalar: BitwiseCopyable>(
    _ coefficients: borrowing [Double], into field: consuming MutableSpan<Scalar>,
    rows: Rows,
    take:
      @Sendable (
        _ target: inout MutableSpan<Scalar>, _ row: Span<Double>, _ isFirst: Bool
      ) -> Void
  ) {
    let source = coefficients.span
    let factor = 1 / gain
    workers.forEachPart(of: field, rows.parts) { part, values in
      var values = values
      withRow { buffer in
        for (target, sources) in rows.sources(part).enumerated() {
          var piece = values._mutatingExtracting(scaled(target, rows.length))
          for (number, row) in sources.enumerated() {
            var line = buffer.mutableSpan
            self.row(row, of: source, into: &line)
            for i in 0..<columnCount { unsafe line[unchecked: i] *= factor }
            take(&piece, line.span, number == 0)
          }
        }
      }
    }
  }

  /// Which rows of the transform make up each row of a field.
  struct Rows: Sendable {
    /// Values of a row of the field.
    let length: Int
    let all: [[Int]]

    private var groups: [Range<Int>] {
      stride(from: 0, to: all.count, by: tile).map { $0..<min(all.count, $0 + tile) }
    }
    var parts: [Range<Int>] { groups.map { $0.lowerBound * length..<$0.upperBound * length } }
    func sources(_ part: Int) -> ArraySlice<[Int]> {
      all[part * tile..<min(all.count, (part + 1) * tile)]
    }
  }

  private func scaled(_ range: Range<Int>, _ length: Int) -> Range<Int> {
    range.lowerBound * length..<range.upperBound * length
  }
  private func scaled(_ index: Int, _ length: Int) -> Range<Int> {
    index * length..<(index + 1) * length
  }

  /// `[row][k]` to `[k][row]`
  private func gather(
    _ columns: Range<Int>, of rows: Span<Double>, into lines: inout MutableSpan<Double>
  ) {
    precondition(rows.count == planeCount * rowCount * rowStride)
    precondition(lines.count == columns.count * lineStride)
    let (first, count) = (columns.lowerBound, columns.count)
    for row in 0..<planeCount * rowCount {
      let source = row * rowStride + first * width
      for k in 0..<count {
        let target = k * lineStride + row * width
        for part in 0..<width {
          unsafe lines[unchecked: target + part] = rows[unchecked: source + k * width + part]
        }
      }
    }
  }

  private func withRows(_ body: (inout [Double]) -> Void) {
    lend(planeCount * rowCount * rowStride, body)
  }
  private func withRow(_ body: (inout [Double]) -> Void) { lend(rowStride, body) }

  private func lend(_ count: Int, _ body: (inout [Double]) -> Void) {
    var buffer = take(count)
    body(&buffer)
    keep(&buffer)
  }

  /// Memory that holds whatever its last user left there.
  package func take(_ count: Int) -> [Double] {
    idle.withLock { pool in
      pool.lastIndex { $0.count == count }.map { pool.remove(at: $0) }
    } ?? [Double](repeating: 0, count: count)
  }

  /// Keeps memory for the next one who asks.
  package func keep(_ buffer: inout [Double]) {
    idle.withLock { pool in
      pool.append(buffer)
      buffer = []  // the next user is to be the only one
    }
  }

  /// The smallest even number without prime factors above 7 that is at least `count`.
  package static func fastLength(atLeast count: Int) -> Int {
    var length = max(2, count + count % 2)
    while true {
      var rest = length
      for prime in [2, 3, 5, 7] {
        while rest.isMultiple(of: prime) { rest /= prime }
      }
      if rest == 1 { return length }
      length += 2
    }
  }
}

extension GridTransform {
  /// The field whose lines were transformed back, without any continuation.
  package func field(_ coefficients: borrowing [Double], into field: consuming MutableSpan<Float>) {
    let rows = Rows(length: columnCount, all: (0..<planeCount * rowCount).map { [$0] })
    synthesise(coefficients, into: field, rows: rows) { target, row, _ in
      for i in target.indices { unsafe target[unchecked: i] = Float(row[unchecked: i]) }
    }
  }

  /// The same in double precision.
  package func field(_ coefficients: borrowing [Double], into field: consuming MutableSpan<Double>)
  {
    let rows = Rows(length: columnCount, all: (0..<planeCount * rowCount).map { [$0] })
    synthesise(coefficients, into: field, rows: rows) { target, row, _ in
      for i in target.indices { target[i] = row[i] }
    }
  }
}
