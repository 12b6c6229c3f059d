import DenseAlgebra

/// One signal of a CSV file.
enum SignalFile {
  /// The column of that name; or the first of `usual` that is there; or the only column, or the second
  /// of two, the first of which counts.
  ///
  /// - Throws: `DenseError`, or ``WorkflowError/columnUnknown(path:names:)``.
  static func read(_ path: String, column: String?, usual: [String]) throws -> [Double] {
    let table = try NumberTable(reading: path)
    if let column {
      guard let values = table.column(named: column) else {
        throw WorkflowError.columnUnknown(path: path, names: table.names ?? [])
      }
      return values
    }
    if let values = usual.lazy.compactMap({ table.column(named: $0) }).first { return values }
    let matrix = table.matrix
    if matrix.rowCount == 1 { return matrix.values }
    guard matrix.columnCount <= 2 else {
      throw WorkflowError.columnUnknown(path: path, names: table.names ?? [])
    }
    return matrix.column(matrix.columnCount - 1)
  }
}
