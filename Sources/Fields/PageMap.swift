/// Which way the tilt axis runs in a picture.
public enum TiltAxis: String, Sendable, Codable, CaseIterable {
  /// Along the columns, from the top row down: a row of the picture is a slice.
  case y
  /// Along the rows, from left to right: a column of the picture is a slice.
  case x
}

/// The transpose between a picture (rows of pixels) and one page of a slab field.
///
/// With the tilt axis along `y`, pixel (row, column) is slice `row`, position `column`. With the
/// tilt axis along `x` the picture is turned by 90° clockwise, a rotation and not a mirror, so that
/// pixel (row, column) is slice `column`, position `rowCount − 1 − row`.
package struct PageMap: Sendable, Hashable {
  package let shape: SlabShape
  package let axis: TiltAxis

  package init(_ shape: SlabShape, axis: TiltAxis) { (self.shape, self.axis) = (shape, axis) }

  package var rowCount: Int { axis == .y ? shape.sliceCount : shape.positionCount }
  package var columnCount: Int { axis == .y ? shape.positionCount : shape.sliceCount }

  /// Pixel index of (slice, position) = origin + slice · sliceStride + position · positionStride.
  private var strides: (origin: Int, slice: Int, position: Int) {
    switch axis {
    case .y: (0, columnCount, 1)
    case .x: ((rowCount - 1) * columnCount, 1, -columnCount)
    }
  }

  /// Writes a picture, `[row][column]`, into page `page` of `field`. Padding lanes are not touched.
  package func place(
    _ pixels: Span<Float>, page: Int, into field: inout MutableSpan<Float>
  ) {
    precondition(pixels.count == rowCount * columnCount && field.count == shape.count)
    let strides = strides
    for slab in 0..<shape.slabCount {
      let slices = shape.slices(of: slab)
      let start = shape.index(slice: slices.lowerBound, page: page, position: 0)
      for position in 0..<shape.positionCount {
        var pixel = strides.origin + slices.lowerBound * strides.slice + position * strides.position
        let run = start + position * shape.laneCount
        for lane in 0..<slices.count {
          field[run + lane] = pixels[pixel]
          pixel += strides.slice
        }
      }
    }
  }

  /// Copies page `page` of `field` into a picture, `[row][column]`.
  package func take(
    page: Int, from field: Span<Float>, into pixels: inout MutableSpan<Float>
  ) {
    precondition(pixels.count == rowCount * columnCount && field.count == shape.count)
    let strides = strides
    for slab in 0..<shape.slabCount {
      let slices = shape.slices(of: slab)
      let start = shape.index(slice: slices.lowerBound, page: page, position: 0)
      for position in 0..<shape.positionCount {
        var pixel = strides.origin + slices.lowerBound * strides.slice + position * strides.position
        let run = start + position * shape.laneCount
        for lane in 0..<slices.count {
          pixels[pixel] = field[run + lane]
          pixel += strides.slice
        }
      }
    }
  }
}
