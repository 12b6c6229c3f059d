import Synchronization

/// Sums over each slice, gathered part by part and added up in a fixed order.
///
/// A part (a page, or a row of tiles) hands in one sum for each lane of its slab. The order in which
/// parts arrive does not matter, so neither does the number of workers.
package final class SliceSums: Sendable {
  private let shape: SlabShape
  private let partsPerSlab: Int
  private let sums: Mutex<[Float]>

  package init(_ shape: SlabShape, partsPerSlab: Int) {
    (self.shape, self.partsPerSlab) = (shape, partsPerSlab)
    let count = shape.slabCount * partsPerSlab * shape.laneCount
    sums = Mutex([Float](repeating: 0, count: count))
  }

  /// - Parameter part: slab · partsPerSlab + part within the slab.
  package func set(_ part: Int, _ lanes: [Float]) {
    precondition(lanes.count == shape.laneCount, "one sum a lane")
    sums.withLock { sums in
      for (l, sum) in lanes.enumerated() { sums[part * shape.laneCount + l] = sum }
    }
  }

  /// One sum for each true slice.
  package func perSlice() -> [Double] {
    sums.withLock { sums in
      (0..<shape.sliceCount).map { slice in
        let (slab, lane) = slice.quotientAndRemainder(dividingBy: shape.laneCount)
        return (0..<partsPerSlab).reduce(0.0) { total, part in
          total + Double(sums[(slab * partsPerSlab + part) * shape.laneCount + lane])
        }
      }
    }
  }
}
