import Fields

/// Every voxel with the voxels around it: 3 × 3 in its slice, or 3 × 3 × 3. At a border the border repeats itself.
struct Neighbourhood {
  let shape: SlabShape
  let axes: VariationAxes
  let workers: Workers

  /// Voxels around one, itself not counted.
  var neighbourCount: Int { axes == .slice || shape.sliceCount == 1 ? 8 : 26 }

  /// `out ← ` the sum, or the like, of `x` over the neighbourhood of each voxel.
  ///
  /// - Parameter between: a field of the same size, overwritten.
  func join<Join: Joining>(
    _ x: FloatStorage, _ how: Join.Type, between: inout FloatStorage, into out: inout FloatStorage
  ) {
    precondition(x.count == shape.count && between.count == x.count && out.count == x.count)
    let (shape, along) = (shape, neighbourCount == 26)
    guard along else { return joinInPlane(x, how, into: &out) }
    workers.forEachSlab(of: between.mutableSpan, length: shape.pageLength) { page, values in
      var values = values
      Self.joinAlong(x.span, page, shape, how, &values)
    }
    joinInPlane(between, how, into: &out)
  }

  private func joinInPlane<Join: Joining>(
    _ x: FloatStorage, _ how: Join.Type, into out: inout FloatStorage
  ) {
    let shape = shape
    workers.forEachSlab(of: out.mutableSpan, length: shape.pageLength) { page, values in
      var values = values
      Self.joinPlane(x.span, page, shape, how, &values)
    }
  }

  /// One page: each slice with the one before and the one after it.
  private static func joinAlong<Join: Joining>(
    _ x: Span<Float>, _ page: Int, _ shape: SlabShape, _ how: Join.Type,
    _ out: inout MutableSpan<Float>
  ) {
    let (slab, lanes) = (page / shape.pageCount, shape.laneCount)
    let last = shape.slices(of: slab).count - 1
    let start = page * shape.pageLength
    for run in stride(from: 0, to: shape.pageLength, by: lanes) {
      let here = start + run
      for lane in 0...last {
        let value = x[here + lane]
        let before =
          lane > 0 ? x[here + lane - 1] : slab > 0 ? x[here - shape.slabLength + lanes - 1] : value
        let after =
          lane < last
          ? x[here + lane + 1] : slab + 1 < shape.slabCount ? x[here + shape.slabLength] : value
        out[run + lane] = Join.join(Join.join(before, value), after)
      }
    }
  }

  /// One page: each run with those beside, above and below it.
  private static func joinPlane<Join: Joining>(
    _ x: Span<Float>, _ page: Int, _ shape: SlabShape, _ how: Join.Type,
    _ out: inout MutableSpan<Float>
  ) {
    let (slab, z) = page.quotientAndRemainder(dividingBy: shape.pageCount)
    let rows = [max(0, z - 1), z, min(shape.pageCount - 1, z + 1)].map {
      slab * shape.slabLength + $0 * shape.pageLength
    }
    let (top, middle, bottom) = (rows[0], rows[1], rows[2])
    precondition(x.count == shape.count && out.count == shape.pageLength)
    for position in 0..<shape.positionCount {
      let run = position * shape.laneCount
      let left = max(0, position - 1) * shape.laneCount
      let right = min(shape.positionCount - 1, position + 1) * shape.laneCount
      for lane in 0..<shape.laneCount {
        func column(_ place: Int) -> Float {
          let i = place &+ lane
          return unsafe Join.join(
            Join.join(x[unchecked: top &+ i], x[unchecked: middle &+ i]), x[unchecked: bottom &+ i])
        }
        out[run + lane] = Join.join(Join.join(column(left), column(run)), column(right))
      }
    }
  }
}

/// How two voxels are joined into one.
protocol Joining {
  static func join(_ a: Float, _ b: Float) -> Float
}

enum JoinSum: Joining {
  static func join(_ a: Float, _ b: Float) -> Float { a + b }
}

enum JoinMost: Joining {
  static func join(_ a: Float, _ b: Float) -> Float { a > b ? a : b }
}

enum JoinLeast: Joining {
  static func join(_ a: Float, _ b: Float) -> Float { a < b ? a : b }
}
