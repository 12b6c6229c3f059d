/// The one value that all of them have; `nil` where they differ, or there is none.
package func uniformValue<Value: Equatable & BitwiseCopyable>(_ values: Span<Value>) -> Value? {
  guard let first = values.indices.first.map({ values[$0] }),
    values.indices.allSatisfy({ values[$0] == first })
  else { return nil }
  return first
}
