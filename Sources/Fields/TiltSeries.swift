/// The counts of a tilt series.
public struct TiltSeriesShape: Hashable, Sendable {
  /// The layout of the projections, `[slab][tilt][bin][lane]`.
  public let slabs: SlabShape

  /// Projections, one per tilt.
  public var tiltCount: Int { slabs.pageCount }
  /// Detector bins across the tilt axis (`s`).
  public var binCount: Int { slabs.positionCount }
  /// Detector rows along the tilt axis (`y`), one per slice.
  public var sliceCount: Int { slabs.sliceCount }

  /// All counts must be positive.
  public init(tiltCount: Int, binCount: Int, sliceCount: Int) {
    slabs = SlabShape(sliceCount: sliceCount, pageCount: tiltCount, positionCount: binCount)
  }

  private init(_ slabs: SlabShape) { self.slabs = slabs }

  /// The shape of a group of whole slabs.
  package func group(_ range: Range<Int>) -> TiltSeriesShape { TiltSeriesShape(slabs.group(range)) }

  /// The shape of a part that has fewer tilts.
  package func subset(tiltCount: Int) -> TiltSeriesShape {
    TiltSeriesShape(
      SlabShape(
        sliceCount: sliceCount, pageCount: tiltCount, positionCount: binCount,
        laneCount: slabs.laneCount))
  }
}

/// Projections of one object at several tilts, stored `[slab][tilt][bin][lane]`.
///
/// A value is a line integral with lengths in voxels.
public struct TiltSeries: Sendable {
  /// Tilts, bins and slices.
  public let shape: TiltSeriesShape
  /// All values in the order of ``TiltSeriesShape/slabs``, padding lanes zero.
  public var projections: FloatStorage
  /// The weight of every value in a fit, where they differ.
  package var weights: FloatStorage?
  /// One angle per projection, in degrees; a positive one turns the object right-handedly about y.
  public let tilts: [Double]
  /// The edge of a detector pixel in nm, where it is known.
  public var pixelSize: Double?
  /// Where the tilt axis lies, in pixels from the centre of the detector.
  public var axisOffset = 0.0

  /// Takes `projections` in the order of ``TiltSeriesShape/slabs``; `tilts` must be one per projection, in degrees.
  public init(
    _ projections: FloatStorage, shape: TiltSeriesShape, tilts: [Double], pixelSize: Double? = nil
  ) {
    precondition(projections.count == shape.slabs.count, "projections do not fit the shape")
    precondition(tilts.count == shape.tiltCount, "one tilt a projection")
    (self.projections, self.shape, self.tilts) = (projections, shape, tilts)
    self.pixelSize = pixelSize
  }

  /// A series of zeros, to be filled; `tilts` must be one per projection, in degrees.
  public init(zeros shape: TiltSeriesShape, tilts: [Double], pixelSize: Double? = nil) {
    self.init(
      FloatStorage(zeros: shape.slabs.count), shape: shape, tilts: tilts, pixelSize: pixelSize)
  }

  /// The same series for a group of whole slabs.
  package func group(_ slabs: Range<Int>) -> TiltSeries {
    let length = shape.slabs.slabLength
    let floats = slabs.lowerBound * length..<slabs.upperBound * length
    var part = TiltSeries(
      projections.part(floats), shape: shape.group(slabs), tilts: tilts, pixelSize: pixelSize)
    part.weights = weights?.part(floats)
    part.axisOffset = axisOffset
    return part
  }

  /// Some of the projections, in the order of `chosen`.
  package func subset(of chosen: [Int]) -> TiltSeries {
    let shape = shape.subset(tiltCount: chosen.count)
    var part = TiltSeries(
      pages(chosen, of: projections, shape), shape: shape, tilts: chosen.map { tilts[$0] },
      pixelSize: pixelSize)
    part.axisOffset = axisOffset
    part.weights = weights.map { pages(chosen, of: $0, shape) }
    return part
  }

  private func pages(
    _ chosen: [Int], of field: FloatStorage, _ shape: TiltSeriesShape
  ) -> FloatStorage {
    let (from, to) = (self.shape.slabs, shape.slabs)
    var part = FloatStorage(zeros: to.count)
    for slab in 0..<from.slabCount {
      for (place, tilt) in chosen.enumerated() {
        let start = slab * from.slabLength + tilt * from.pageLength
        part.replace(
          from: slab * to.slabLength + place * to.pageLength, with: field,
          start..<start + from.pageLength)
      }
    }
    return part
  }

  /// The value of a projection, detector row (y) and detector bin (s), each counted from 0.
  ///
  /// Loops over many values are faster on ``projections``.
  public subscript(tilt: Int, y: Int, bin: Int) -> Float {
    get { projections.span[shape.slabs.index(slice: y, page: tilt, position: bin)] }
    set {
      let i = shape.slabs.index(slice: y, page: tilt, position: bin)
      var values = projections.mutableSpan
      values[i] = newValue
    }
  }
}
