import Fields

extension VoxelConstraint {
  var isActive: Bool { isNonNegative || upperBound != nil || support != nil }

  /// `x ← clip(x) · support` for a whole volume.
  ///
  /// - Returns: `‖x‖²` of each true slice.
  func hold(_ x: inout FloatStorage, shape: SlabShape, workers: Workers) -> [Double] {
    let (lower, upper, mask) = (lower, upper, support?.mask)
    precondition(mask.map { $0.count == x.count } ?? true, "the support does not fit the volume")
    workers.forEachSlab(of: x.mutableSpan, length: shape.pageLength) { page, values in
      var values = values
      for i in values.indices {
        let v = unsafe values[unchecked: i]
        unsafe values[unchecked: i] = v < lower ? lower : v > upper ? upper : v
      }
      guard let mask else { return }
      let inside = mask.span.extracting(page * shape.pageLength..<(page + 1) * shape.pageLength)
      for i in values.indices { unsafe values[unchecked: i] *= inside[unchecked: i] }
    }
    return squares(x, shape: shape, workers: workers)
  }
}
