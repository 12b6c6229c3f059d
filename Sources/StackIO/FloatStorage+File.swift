package import Fields

extension FloatStorage {
  /// Zeros for floats or pages of the file at `path`.
  ///
  /// - Throws: ``StackError/memory(path:_:)``
  package init(allocating count: Int, for path: String) throws(StackError) {
    do {
      try self.init(allocating: count)
    } catch {
      throw .memory(path: path, error)
    }
  }
}
