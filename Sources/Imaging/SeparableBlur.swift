package import Fields
package import Operators

/// The blur of pictures, the pages of a field with their rows stored as slices, by the product of two even profiles.
///
///     y(r, c) = Σᵢ aᵢ Σⱼ bⱼ x(r − i, c − j),     Hᵀ = H
///
/// Direct sums in single precision, several times faster than Fourier transforms where the profiles are
/// narrow. Cost: (a + b) operations per pixel, of the profiles' lengths.
package struct SeparableBlur: LinearOperator, BoundedModel {
  package let shape: SlabShape
  package let workers: Workers
  /// `a₀, a₁, …` and `b₀, b₁, …`
  private let down: [Float]
  private let along: [Float]
  /// Where the values stand that each slab's rows are blurred from in the first page, and whether there is one.
  private let rows: [[Source]]
  /// The same for positions, before the first and after the last.
  private let ends: [Source]
  private let scratch: ScratchPool

  private struct Source: Sendable {
    let index: Int
    let factor: Float
  }
  /// Beyond these, Fourier transforms are faster.
  private static let largestReach = 24

  /// - Returns: `nil` where the spread is no such product, wide, or not even.
  package init?(
    _ spread: PointSpread, of shape: SlabShape, ends: Ends, workers: Workers = .all
  ) {
    guard let (down, along) = spread.evenProfiles,
      max(down.count, along.count) <= Self.largestReach + 1
    else { return nil }
    (self.shape, self.workers) = (shape, workers)
    (self.down, self.along) = (down.map { Float($0) }, along.map { Float($0) })
    let lanes = shape.laneCount
    let reach = (rows: down.count - 1, positions: along.count - 1)
    rows = (0..<shape.slabCount).map { slab in
      (slab * lanes - reach.rows..<(slab + 1) * lanes + reach.rows).map { row in
        guard let row = ends.source(of: row, count: shape.sliceCount) else {
          return Source(index: 0, factor: 0)
        }
        return Source(index: row / lanes * shape.slabLength + row % lanes, factor: 1)
      }
    }
    let width = shape.positionCount
    self.ends = (Array(-reach.positions..<0) + Array(width..<width + reach.positions)).map {
      guard let place = ends.source(of: $0, count: width) else {
        return Source(index: 0, factor: 0)
      }
      return Source(index: place, factor: 1)
    }
    scratch = ScratchPool(length: (width + 2 * reach.positions) * lanes)
  }

  package var domainCount: Int { shape.count }
  package var rangeCount: Int { shape.count }

  package func apply(_ x: Span<Float>, into y: consuming MutableSpan<Float>) {
    precondition(x.count == domainCount && y.count == rangeCount, "fields do not fit the blur")
    workers.forEachSlab(of: y, length: shape.pageLength) { part, values in
      var values = values
      let (slab, page) = part.quotientAndRemainder(dividingBy: shape.pageCount)
      scratch.withScratch { padded in
        var lines = padded.mutableSpan
        blurRows(of: slab, page, x, into: &lines)
        extendLines(&lines)
        blurLines(padded.span, into: &values)
      }
      clearPadding(&values, slab)
    }
  }

  package func applyAdjoint(_ y: Span<Float>, into x: consuming MutableSpan<Float>) {
    apply(y, into: x)
  }

  package func absoluteSums() -> (rows: RunFactors, columns: RunFactors) {
    func sum(_ profile: [Float]) -> Float {
      profile[1...].reduce(abs(profile[0])) { $0 + 2 * abs($1) }
    }
    let factors = RunFactors(uniform: sum(down) * sum(along))
    return (factors, factors)
  }

  /// `Σᵢ aᵢ x(r − i)`, into the middle of `lines`.
  private func blurRows(
    of slab: Int, _ page: Int, _ x: Span<Float>, into lines: inout MutableSpan<Float>
  ) {
    let (lanes, reach) = (shape.laneCount, down.count - 1)
    let slabRows = rows[slab]
    let sources = slabRows.span
    let weights = down.span
    let first = (along.count - 1) * lanes
    var lines = lines._mutatingExtracting(0..<lines.count)
    var column = InlineArray<80, Float>(repeating: 0)
    for position in 0..<shape.positionCount {
      let run = position * lanes
      let place = page * shape.pageLength + run
      for i in sources.indices {
        let source = unsafe sources[unchecked: i]
        unsafe column[unchecked: i] = source.factor * x[unchecked: source.index &+ place]
      }
      let target = first &+ run
      for l in 0..<lanes {
        unsafe lines[unchecked: target &+ l] =
          weights[unchecked: 0] * column[unchecked: reach &+ l]
      }
      for i in 1..<max(1, weights.count) {
        let a = unsafe weights[unchecked: i]
        for l in 0..<lanes {
          unsafe lines[unchecked: target &+ l] +=
            a * (column[unchecked: reach &+ l &- i] + column[unchecked: reach &+ l &+ i])
        }
      }
    }
  }

  /// Continues lines beyond the first and the last position.
  private func extendLines(_ lines: inout MutableSpan<Float>) {
    let (lanes, reach) = (shape.laneCount, along.count - 1)
    for (place, source) in ends.enumerated() {
      let target = (place < reach ? place : place + shape.positionCount) * lanes
      let start = (reach + source.index) * lanes
      for l in 0..<lanes { lines[target + l] = source.factor * lines[start + l] }
    }
  }

  /// `Σⱼ bⱼ x(c − j)`, 32 values at a time.
  private func blurLines(_ lines: Span<Float>, into values: inout MutableSpan<Float>) {
    let (lanes, weights) = (shape.laneCount, along.span)
    let middle = (weights.count - 1) * lanes
    let whole = values.count & ~31
    for start in stride(from: 0, to: whole, by: 32) {
      let here = start &+ middle
      var sums = InlineArray<32, Float>(repeating: 0)
      for l in 0..<32 {
        unsafe sums[unchecked: l] = weights[unchecked: 0] * lines[unchecked: here &+ l]
      }
      var (before, after) = (here, here)
      for j in 1..<max(1, weights.count) {
        let b = unsafe weights[unchecked: j]
        before &-= lanes
        after &+= lanes
        for l in 0..<32 {
          unsafe sums[unchecked: l] +=
            b * (lines[unchecked: before &+ l] + lines[unchecked: after &+ l])
        }
      }
      for l in 0..<32 { unsafe values[unchecked: start &+ l] = sums[unchecked: l] }
    }
    for i in whole..<values.count {
      values[i] = weights[0] * lines[i + middle]
      for j in 1..<max(1, weights.count) {
        values[i] += weights[j] * (lines[i + middle - j * lanes] + lines[i + middle + j * lanes])
      }
    }
  }

  private func clearPadding(_ values: inout MutableSpan<Float>, _ slab: Int) {
    let (lanes, count) = (shape.laneCount, shape.slices(of: slab).count)
    guard count < lanes else { return }
    for run in stride(from: 0, to: values.count, by: lanes) {
      for l in run + count..<run + lanes { values[l] = 0 }
    }
  }
}

extension PointSpread {
  /// `a₀, a₁, …` and `b₀, b₁, …` with `h(r, c) = a_|r| b_|c|`; `nil` for any other shape.
  fileprivate var evenProfiles: (down: [Double], along: [Double])? {
    guard grid.planeCount == 1, isMirrorSymmetric else { return nil }
    let (height, width) = (grid.rowCount, grid.columnCount)
    let sum = weights.reduce(0, +)
    let down = (0..<height).map { row in
      weights[row * width..<(row + 1) * width].reduce(0, +)
    }
    let along = (0..<width).map { column in
      (0..<height).reduce(0.0) { $0 + weights[$1 * width + column] } / sum
    }
    let tolerance = 1e-10 * (weights.map { abs($0) }.max() ?? 0)
    for row in 0..<height {
      for column in 0..<width
      where abs(weights[row * width + column] - down[row] * along[column]) > tolerance {
        return nil
      }
    }
    return (Array(down[(height / 2)...]), Array(along[(width / 2)...]))
  }
}
