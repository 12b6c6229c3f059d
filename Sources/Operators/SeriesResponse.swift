package import Fields

/// What an instrument makes of the projections of a tilt series, each page by itself: a linear map of `[slab][tilt][bin][lane]`.
///
/// It may mix slices. What is the same in all slices stays so, which is what row and column sums of a projector rest on.
package protocol SeriesResponse: LinearOperator {
  /// Whether a value depends on other slices than its own.
  var linksSlices: Bool { get }
  /// How many times larger a sum of absolute weights over measurements can be near the first and the last slice than in ``oneSlice``.
  var gainAtEnds: Float { get }
  /// Whether it makes nothing negative of what is not.
  var isNonNegative: Bool { get }
  /// Bytes that it holds, those at work included.
  var byteCount: Int { get }
  /// The sums over slices of its absolute weights, for series of a single slice.
  var oneSlice: any SeriesResponse { get }

  /// The same by other threads.
  func running(on workers: Workers) -> any SeriesResponse
  /// The same for some of the tilts, in the given order.
  func subset(of tilts: [Int]) -> any SeriesResponse
  /// The same for a group of slabs of this shape, as if there were no others.
  func group(_ shape: SlabShape) -> any SeriesResponse
}
