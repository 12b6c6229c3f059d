/// The middle value; of an even number the mean of the two in the middle. 0 where there is none.
package func median(_ values: [Double]) -> Double {
  guard !values.isEmpty else { return 0 }
  let sorted = values.sorted()
  let half = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[half] : 0.5 * (sorted[half - 1] + sorted[half])
}

/// The middle value; of an even number the upper of the two in the middle. 0 where there is none.
@inlinable package func upperMedian<Value: BinaryFloatingPoint>(_ values: [Value]) -> Value {
  values.isEmpty ? 0 : values.sorted()[values.count / 2]
}

/// The median distance from the median, as the standard deviation of a normal variable: `1.4826 · MAD`.
///
/// - Parameter median: which of the two.
package func robustDeviation(
  _ values: [Double], _ median: ([Double]) -> Double = upperMedian
) -> Double {
  let middle = median(values)
  return 1.4826 * median(values.map { abs($0 - middle) })
}

/// The median of χ² with one degree of freedom: of the square of a normal variable, over its variance.
package let medianOfSquare = 0.454936

/// The nearest rank of `fraction` of ascending values.
@inlinable package func quantile<Value>(_ ascending: [Value], _ fraction: Double) -> Value {
  ascending[min(ascending.count - 1, Int(fraction * Double(ascending.count)))]
}

/// Some `most` of `count` places in equal steps, which do not keep to a few columns of rows that are `columnCount` long.
package func evenPlaces(
  of count: Int, columnCount: Int, most: Int = 4_096
) -> StrideTo<Int> {
  var step = max(1, count / most)
  while step > 1 && columnCount.isMultiple(of: step) { step += 1 }
  return stride(from: 0, to: count, by: step)
}
