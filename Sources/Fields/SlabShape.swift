/// How a field of slices is laid out: `[slab][page][position][lane]`.
///
/// A *slice* is a plane y = const. `laneCount` adjacent slices form a slab and are stored side by
/// side; the `laneCount` floats of one (page, position) are a *run*. A page is one z of a volume or
/// one tilt of a series, a position is one x or one detector bin. The last slab is padded with
/// lanes that stay zero.
public struct SlabShape: Hashable, Sendable {
  /// True slices, without padding.
  public let sliceCount: Int
  /// Voxels along z of a volume, or tilts of a series.
  public let pageCount: Int
  /// Voxels along x of a volume, or detector bins of a series.
  public let positionCount: Int
  /// `L`: 32, or 8 for at most 8 slices, or 1 for a single one.
  @usableFromInline package let laneCount: Int

  /// Lays out a field; all counts must be positive.
  ///
  /// - Parameter laneCount: the lanes of a field that this one is a part of; `nil` (the default) for a field of its own.
  public init(sliceCount: Int, pageCount: Int, positionCount: Int, laneCount: Int? = nil) {
    precondition(
      sliceCount > 0 && pageCount > 0 && positionCount > 0, "a field has at least one value")
    self.sliceCount = sliceCount
    self.pageCount = pageCount
    self.positionCount = positionCount
    self.laneCount = laneCount ?? (sliceCount > 8 ? 32 : sliceCount > 1 ? 8 : 1)
  }

  @inlinable package var slabCount: Int { (sliceCount + laneCount - 1) / laneCount }
  /// Runs of one slab.
  @inlinable package var runCount: Int { pageCount * positionCount }
  /// Floats of one page of one slab.
  @inlinable package var pageLength: Int { positionCount * laneCount }
  /// Floats of one slab.
  @inlinable package var slabLength: Int { runCount * laneCount }
  /// Floats of the whole field, padding included: the length of its storage.
  @inlinable public var count: Int { slabCount * slabLength }
  /// True values: slices × pages × positions.
  @inlinable package var valueCount: Int { sliceCount * runCount }

  /// The slices that `slab` holds.
  @inlinable package func slices(of slab: Int) -> Range<Int> {
    slab * laneCount..<min(sliceCount, (slab + 1) * laneCount)
  }

  /// Where the value of a slice (y), page and position, each counted from 0, stands among the floats of the field.
  @inline(__always)
  public func index(slice: Int, page: Int, position: Int) -> Int {
    let (slab, lane) = slice.quotientAndRemainder(dividingBy: laneCount)
    return ((slab * pageCount + page) * positionCount + position) * laneCount + lane
  }

  /// The same field with lines that hold `positions`.
  package func holding(_ positions: Range<Int>) -> SlabShape {
    SlabShape(
      sliceCount: sliceCount, pageCount: pageCount, positionCount: positions.count,
      laneCount: laneCount)
  }

  /// The layout of a group of whole slabs.
  package func group(_ slabs: Range<Int>) -> SlabShape {
    let (first, last) = (slices(of: slabs.lowerBound), slices(of: slabs.upperBound - 1))
    return SlabShape(
      sliceCount: last.upperBound - first.lowerBound, pageCount: pageCount,
      positionCount: positionCount, laneCount: laneCount)
  }
}
