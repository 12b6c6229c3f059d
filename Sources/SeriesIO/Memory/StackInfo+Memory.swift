package import Fields
package import StackIO

extension StackInfo {
  /// A page of floats, in bytes.
  package var pageBytes: Int { 4 * shape.pixelsPerPage }

  /// The stack as a volume.
  package func volume(axis: TiltAxis) -> VolumeShape {
    let (rows, columns) = (shape.rowCount, shape.columnCount)
    return VolumeShape(
      width: axis == .y ? columns : rows, depth: shape.pageCount,
      sliceCount: axis == .y ? rows : columns)
  }

  /// What moves pages into a field, in bytes: a page, the same as runs, and the reader's own.
  package func loadingBytes(_ slabs: SlabShape) -> Int {
    readerByteCount + pageBytes + slabs.pageBytes
  }
}

extension SlabShape {
  /// The field, in bytes.
  package var byteCount: Int { 4 * count }

  /// One page of all slabs, in bytes.
  package var pageBytes: Int { 4 * slabCount * pageLength }

  /// What writes a field page by page, in bytes: a page as runs and as a picture, and once more where
  /// rows are stored from the bottom up.
  package var writingBytes: Int { 3 * pageBytes }
}

extension VolumeShape {
  /// The complex spectrum of a pair of volumes with the sums of its shells, page by page and gathered, in
  /// bytes.
  package var pairBytes: Int {
    8 * slabs.valueCount + 2 * depth * 8 * 32 * (max(width, depth, sliceCount) / 2 + 1)
  }
}

/// What ``readVolume(_:axis:onPage:)`` leaves, and what it holds besides while it reads, in bytes.
package func volumeBytes(_ path: String, axis: TiltAxis) throws -> (
  kept: Int, reading: Int, VolumeShape
) {
  let info = try StackReader(path: path).info
  let shape = info.volume(axis: axis)
  return (shape.slabs.byteCount, info.loadingBytes(shape.slabs), shape)
}
