import Fields

/// Where the neighbours of one run lie, and the differences towards them.
///
/// Beyond the far edge a run is its own neighbour, so that the difference is zero.
struct RunNeighbours<let laneCount: Int> {
  let run: Int
  let nextX: Int
  let nextZ: Int
  /// The first lane of the same run in the next slab, or the run's own last lane.
  let halo: Int

  @inline(__always)
  init(_ shape: SlabShape, slab: Int, z: Int, x: Int) {
    run = ((slab * shape.pageCount + z) * shape.positionCount + x) * laneCount
    nextX = x + 1 < shape.positionCount ? run + laneCount : run
    nextZ = z + 1 < shape.pageCount ? run + shape.pageLength : run
    halo = slab + 1 < shape.slabCount ? run + shape.slabLength : run + laneCount - 1
  }

  /// The run moved by one lane, with the halo behind its last lane.
  @inline(__always)
  func nextLanes(_ field: Span<Float>) -> InlineArray<laneCount, Float> {
    var next = InlineArray<laneCount, Float>(repeating: 0)
    for l in 0..<laneCount - 1 {
      unsafe next[unchecked: l] = field[unchecked: run &+ l &+ 1]
    }
    unsafe next[unchecked: laneCount - 1] = field[unchecked: halo]
    return next
  }
}

/// 1 where a lane has a next slice, 0 in the last true slice and in padding.
func laneMask<let laneCount: Int>(
  _ shape: SlabShape, slab: Int
) -> InlineArray<laneCount, Float> {
  let first = slab * shape.laneCount
  return InlineArray { first + $0 + 1 < shape.sliceCount ? 1 : 0 }
}
