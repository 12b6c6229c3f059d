extension FieldBlur {
  /// The grid of a field that is continued as far as a point is spread.
  private static func continued(
    _ grid: Grid, by reach: [(before: Int, after: Int)], ends: Ends
  ) -> [Int] {
    zip([grid.planeCount, grid.rowCount, grid.columnCount], reach).map {
      AxisExtension(count: $0, before: $1.before, after: $1.after, ends: ends).length
    }
  }

  /// The bytes of all coefficients of the continued field; a blur holds three times as many while it works:
  /// its response, the coefficients and the rows that they come from.
  ///
  /// - Parameter reach: how far a point is spread along planes, rows and columns.
  package static func coefficientBytes(
    on grid: Grid, reach: [(before: Int, after: Int)], ends: Ends
  ) -> Int {
    let lengths = continued(grid, by: reach, ends: ends)
    return 16 * lengths[0] * lengths[1] * (lengths[2] / 2 + 5)
  }
}
