/// What to do with values of a stack that are NaN or infinite.
public enum NonFinitePolicy: Hashable, Sendable {
  /// Throws `StackError.nonFinite`.
  case refuse
  /// Puts this value in their place.
  case replace(Float)

  /// What stands in for them; `nil` where they are refused.
  package var replacement: Float? { if case .replace(let value) = self { value } else { nil } }
}

/// Counts the values of a stack that are not finite, page by page.
package struct NonFiniteCensus: Sendable {
  package let policy: NonFinitePolicy
  package private(set) var count = 0
  /// The first in the order of pages, rows and columns, whatever the order of counting.
  package private(set) var first: PixelPosition?

  package init(_ policy: NonFinitePolicy) { self.policy = policy }

  /// Counts in one page, `[row][column]`, and replaces where the policy says so.
  package mutating func examine(
    _ pixels: inout MutableSpan<Float>, page: Int, columnCount: Int
  ) {
    let found = pixels.span.nonFiniteCount
    guard found > 0, let index = pixels.indices.first(where: { !pixels[$0].isFinite }) else {
      return
    }
    count += found
    if first.map({ page + 1 < $0.page }) ?? true {
      first = PixelPosition(
        page: page + 1, row: index / columnCount + 1, column: index % columnCount + 1)
    }
    guard case .replace(let value) = policy else { return }
    for i in pixels.indices where !pixels[i].isFinite { pixels[i] = value }
  }

  /// - Throws: ``StackError/nonFinite(path:count:first:)`` when values were found and are refused.
  package func settle(path: String) throws(StackError) {
    guard policy == .refuse, let first else { return }
    throw .nonFinite(path: path, count: count, first: first)
  }
}

extension Span<Float> {
  /// How many values are NaN or infinite.
  var nonFiniteCount: Int {
    let exponent: UInt32 = 0x7F80_0000
    var found: UInt32 = 0  // a page has fewer than 2³² pixels
    for i in 0..<count {
      let bits = unsafe self[unchecked: i].bitPattern & exponent
      found &+= bits == exponent ? 1 : 0
    }
    return Int(found)
  }

  /// The finite value of the largest size, where that is above `limit`.
  func largestFinite(beyond limit: Float) -> Float? {
    let (least, end) = (limit.bitPattern + 1, Float.infinity.bitPattern)
    var found: UInt32 = 0
    for i in 0..<count {  // the bits of a size are ordered as sizes are
      let size = unsafe self[unchecked: i].bitPattern & 0x7FFF_FFFF
      found |= size &- least < end - least ? 1 : 0
    }
    guard found != 0 else { return nil }
    return indices.reduce(0) { largest, i in
      self[i].isFinite && abs(self[i]) > abs(largest) ? self[i] : largest
    }
  }

  /// The smallest and largest finite value; `nil` where there is none.
  var finiteRange: ClosedRange<Float>? {
    var low = SIMD16<Float>(repeating: .infinity)
    var high = -low
    var lanes = SIMD16<Float>()
    for start in stride(from: 0, to: count, by: 16) {
      if start + 16 <= count {
        for lane in 0..<16 { lanes[lane] = unsafe self[unchecked: start + lane] }
      } else {
        lanes = SIMD16(repeating: self[start])
        for i in start..<count { lanes[i - start] = self[i] }
      }
      let isFinite = (lanes - lanes) .== 0
      low.replace(with: lanes, where: (lanes .< low) .& isFinite)
      high.replace(with: lanes, where: (lanes .> high) .& isFinite)
    }
    return low.min() <= high.max() ? low.min()...high.max() : nil
  }
}
