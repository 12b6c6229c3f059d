/// The middle value; of an even number the upper of the two. Zero where there is none.
func median(_ values: [Double]) -> Double {
  values.isEmpty ? 0 : values.sorted()[values.count / 2]
}

/// The median distance from the median, as the standard deviation of a normal variable.
func robustDeviation(_ values: [Double]) -> Double {
  let middle = median(values)
  return 1.4826 * median(values.map { abs($0 - middle) })
}

/// Value by value, the median of its `reach` neighbours on either side, itself left out.
func neighbourMedians(_ values: [Double], reach: Int) -> [Double] {
  values.indices.map { i in
    let near = max(0, i - reach)...min(values.count - 1, i + reach)
    return median(near.filter { $0 != i }.map { values[$0] })
  }
}

/// The nearest rank of `fraction` of ascending values.
func quantile(_ sorted: [Float], _ fraction: Double) -> Float {
  sorted[min(sorted.count - 1, Int(fraction * Double(sorted.count)))]
}

extension TiltPage {
  /// At most some 65 536 of the pixels, evenly spread and ascending.
  var sample: [Float] {
    // A stride that no row length is a multiple of samples every column.
    var step = max(1, pixels.count / 65_536)
    while step > 1 && columnCount.isMultiple(of: step) { step += 1 }
    return stride(from: 0, to: pixels.count, by: step).map { pixels[$0] }.sorted()
  }
}
