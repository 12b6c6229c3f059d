package import Fields

/// The points of an image, a stack or a volume, `[plane][row][column]`; an image has one plane.
package struct Grid: Hashable, Sendable {
  package let planeCount: Int
  package let rowCount: Int
  package let columnCount: Int

  /// All counts must be positive; an image has one plane.
  package init(planeCount: Int = 1, rowCount: Int, columnCount: Int) {
    precondition(
      planeCount > 0 && rowCount > 0 && columnCount > 0, "a grid has at least one point")
    (self.planeCount, self.rowCount, self.columnCount) = (planeCount, rowCount, columnCount)
  }

  package var count: Int { planeCount * rowCount * columnCount }

  /// The same points as a field of slices: priors and solvers know this one.
  ///
  /// A plane is a slice by itself, so that nothing is padded and rows stay rows.
  package var slabs: SlabShape {
    SlabShape(
      sliceCount: planeCount, pageCount: rowCount, positionCount: columnCount, laneCount: 1)
  }
}

/// What is taken to lie beyond the ends of a field that is blurred.
package enum Ends: String, Sendable, Codable, CaseIterable {
  /// Zeros.
  case zero
  /// The field again, as if it went on round a circle.
  case periodic
  /// Its mirror image, the last value repeated: `… b a | a b c | c b …`.
  case reflecting
}

extension Ends {
  /// Which value of a field of `count` values stands at `index` of the continued one; `nil` for zero.
  func source(of index: Int, count: Int) -> Int? {
    switch self {
    case .zero: return 0..<count ~= index ? index : nil
    case .periodic: return (index % count + count) % count
    case .reflecting:
      let period = 2 * count
      let place = (index % period + period) % period
      return place < count ? place : period - 1 - place
    }
  }
}

/// How one axis of a field is continued before it is transformed.
struct AxisExtension: Hashable, Sendable {
  /// Of the field.
  let count: Int
  /// With what was added, and what makes a length that transforms well.
  let length: Int
  /// Where the field begins.
  let offset: Int
  let ends: Ends

  /// - Parameters:
  ///   - before: how far a point is spread towards lower indices.
  ///   - after: the same towards higher ones.
  init(count: Int, before: Int, after: Int, ends: Ends) {
    (self.count, self.ends) = (count, ends)
    switch ends {
    case .periodic: (offset, length) = (0, count)
    case .zero:
      offset = 0
      let reach = min(count - 1, max(before, after))
      length = reach == 0 ? count : GridTransform.fastLength(atLeast: count + reach)
    case .reflecting:
      offset = after
      let whole = count + before + after
      length = whole == count ? count : GridTransform.fastLength(atLeast: whole)
    }
  }

  /// Which value of the field stands at `index` of the continued axis; `nil` for zero.
  func source(of index: Int) -> Int? {
    if ends == .zero { return index < count ? index : nil }
    return ends.source(of: index - offset, count: count)
  }
}
