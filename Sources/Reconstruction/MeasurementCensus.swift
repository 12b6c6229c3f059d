package import Fields

/// What the measurements of a whole series hold, for a method that may refuse them (``SliceWiseMethod/admit(_:)``).
public struct MeasurementCensus: Sendable, Hashable {
  /// `‖y‖²` of each slice.
  package private(set) var squares: [Double] = []
  /// Values below zero, of ``valueCount``.
  public private(set) var negativeCount = 0
  /// Tilts × bins × slices, without the padding of slabs.
  public private(set) var valueCount = 0

  init() {}

  package init(_ series: TiltSeries, workers: Workers) {
    add(series.projections, series.shape.slabs, workers: workers)
  }

  /// Counts a group of slabs.
  mutating func add(_ field: FloatStorage, _ shape: SlabShape, workers: Workers) {
    let perSlab = workers.results(shape.slabCount) { slab in
      var lanes = [Double](repeating: 0, count: shape.laneCount)
      var negatives = 0
      let values = field.span
      var i = slab * shape.slabLength
      for _ in 0..<shape.runCount {
        for lane in 0..<shape.laneCount {
          let value = Double(values[i + lane])
          lanes[lane] += value * value
          if value < 0 { negatives += 1 }
        }
        i += shape.laneCount
      }
      return (squares: lanes.prefix(shape.slices(of: slab).count), negatives: negatives)
    }
    for slab in perSlab {
      squares += slab.squares
      negativeCount += slab.negatives
    }
    valueCount += shape.valueCount
  }
}

extension SliceWiseMethod {
  public func admit(_ census: MeasurementCensus) throws {}
}
