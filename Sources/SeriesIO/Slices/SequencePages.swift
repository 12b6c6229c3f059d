import Fields
import Foundation
import Reconstruction
import StackIO

/// The planes of a volume file in order, with as few of them in memory as their axis allows.
struct SequencePages {
  let path: String
  let info: StackInfo

  init(_ path: String) throws {
    self.path = path
    info = try StackReader(path: path).info
  }

  /// Hands over every page, `[row][column]`.
  func visit(
    _ follower: Follower, _ stage: Follower.Stage,
    _ use: (_ z: Int, _ page: Span<Float>) throws -> Void
  ) throws {
    var reader = try StackReader(path: path)
    var census = NonFiniteCensus(.refuse)
    let count = info.shape.pageCount
    var page = FloatStorage(zeros: info.shape.pixelsPerPage)
    for z in 0..<count {
      var pixels = page.mutableSpan
      try reader.readPage(z, into: &pixels)
      census.examine(&pixels, page: z, columnCount: info.shape.columnCount)
      try use(z, page.span)
      try follower.advance(stage, z + 1, of: count)
    }
    try census.settle(path: path)
  }

  /// As many planes as fit into half of what a run may use, at least one.
  func planesAtOnce(_ axis: SliceSequence.Axis, _ limit: Int) -> Int {
    let (rows, columns) = (info.shape.rowCount, info.shape.columnCount)
    return max(1, limit / 8 / (info.shape.pageCount * (axis == .y ? columns : rows)))
  }

  /// Hands over every plane along `axis`, with the length of its rows; orientations as in `Section`.
  ///
  /// Along z a page is a plane. Along the others every page holds a line of every plane, and `atOnce` planes
  /// are gathered in one pass through the file.
  func planes(
    along axis: SliceSequence.Axis, atOnce: Int, _ follower: Follower,
    _ use: (_ index: Int, _ values: Span<Float>, _ rowLength: Int) throws -> Void
  ) throws {
    let (rows, columns) = (info.shape.rowCount, info.shape.columnCount)
    guard axis != .z else {
      return try visit(follower, .writing) { z, page in try use(z, page, columns) }
    }
    let depth = info.shape.pageCount
    let planeLength = depth * (axis == .y ? columns : rows)
    let rowLength = axis == .y ? columns : depth
    let count = info.count(along: axis)
    for first in stride(from: 0, to: count, by: atOnce) {
      let group = first..<min(count, first + atOnce)
      var gathered = FloatStorage(zeros: group.count * planeLength)
      try visit(follower, .reading) { z, page in
        var values = gathered.mutableSpan
        for plane in group {
          let start = (plane - first) * planeLength
          if axis == .y {
            for x in 0..<columns { values[start + z * columns + x] = page[plane * columns + x] }
          } else {
            for y in 0..<rows { values[start + y * depth + z] = page[y * columns + plane] }
          }
        }
      }
      for plane in group {
        let start = (plane - first) * planeLength
        try use(plane, gathered.span.extracting(start..<start + planeLength), rowLength)
        try follower.advance(.writing, plane + 1, of: count)
      }
    }
  }
}

extension StackInfo {
  /// Planes that follow each other along an axis.
  func count(along axis: SliceSequence.Axis) -> Int {
    switch axis {
    case .z: shape.pageCount
    case .y: shape.rowCount
    case .x: shape.columnCount
    }
  }
}
