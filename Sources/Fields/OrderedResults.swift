import Synchronization

extension Workers {
  /// The results of `body` for the items `0 ..< itemCount`, in the order of the items.
  package func results<Result: Sendable>(
    _ itemCount: Int, _ body: @Sendable (_ item: Int) -> Result
  ) -> [Result] {
    let results = Mutex([Result?](repeating: nil, count: itemCount))
    forEach(itemCount) { item in
      let result = body(item)
      results.withLock { $0[item] = result }
    }
    return results.withLock { $0.compactMap(\.self) }
  }
}
