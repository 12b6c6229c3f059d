/// What the difference of two Laplacians tells of the noise at one pixel,
///
///     d = (N ∗ p)/6,   N = [1 −2 1; −2 4 −2; 1 −2 1],   Σ N² = 36
///
/// which no plane, and hardly a smooth object, survives: there the variance of d is that of the noise.
///
/// - Reference: J. Immerkær, Comput. Vis. Image Underst. 64, 300 (1996).
package struct SecondDifference: Sendable {
  /// Of the 3 × 3 pixels.
  package let mean: Float
  /// d
  package let value: Float

  @inlinable init(mean: Float, value: Float) { (self.mean, self.value) = (mean, value) }

  /// Some 4 000 places of a page; none of one smaller than 3 × 3.
  @inlinable package static func sample(
    rowCount: Int, columnCount: Int, _ pixel: (_ row: Int, _ column: Int) -> Float
  ) -> [SecondDifference] {
    guard rowCount >= 3, columnCount >= 3 else { return [] }
    let (rows, columns) = (rowCount - 2, columnCount - 2)
    return evenPlaces(of: rows * columns, columnCount: columns).map { place in
      let (row, column) = (place / columns + 1, place % columns + 1)
      var (edges, corners) = (Float(0), Float(0))
      for i in [-1, 1] {
        edges += pixel(row + i, column) + pixel(row, column + i)
        corners += pixel(row + i, column - 1) + pixel(row + i, column + 1)
      }
      let centre = pixel(row, column)
      return SecondDifference(
        mean: (centre + edges + corners) / 9, value: (corners - 2 * edges + 4 * centre) / 6)
    }
  }

  /// The standard deviation of normal values among which few are larger: edges.
  ///
  /// The median of |d| gives a first σ; what lies beyond 3 σ is left out and the rest measured again until that settles.
  ///
  /// - Parameters:
  ///   - sizes: |d|, ascending; at least one.
  ///   - isSparse: whether most may be 0, and all below 3 σ, as those of few counts are.
  package static func deviation(_ sizes: [Float], isSparse: Bool = false) -> Double {
    func deviation(_ sizes: ArraySlice<Float>, _ kept: Double) -> Double {
      let squares = sizes.reduce(0.0) { $0 + Double($1) * Double($1) }
      return (squares / Double(sizes.count) / kept).squareRoot()
    }
    var level = Double(sizes[sizes.count / 2]) / 0.6744897501960817
    if isSparse && level == 0 { level = deviation(sizes[...], 1) }
    for _ in 0..<8 {
      let inside = sizes.prefix { Double($0) <= 3 * level }
      guard !inside.isEmpty else { break }
      // The variance of a normal variable that is cut at 3 σ, over σ².
      let isWhole = isSparse && inside.count == sizes.count
      level = deviation(inside, isWhole ? 1 : 0.97334)
    }
    return level
  }
}
