public import Fields
public import Projection
public import Reconstruction

/// A reconstructed volume, and how it was found.
public struct Tomogram: Sendable {
  /// What was reconstructed.
  public let volume: Volume
  /// Iterations, misfit, strength of the prior, and warnings.
  public let report: ReconstructionReport
}

extension TiltGeometry {
  /// The geometry of a series whose volume is as wide as the detector.
  ///
  /// - Parameters:
  ///   - depth: voxels along the beam; as many as across the tilt axis by default.
  ///   - axisOffset: where the tilt axis lies, in pixels from the centre of the detector; where the series says by default.
  /// - Throws: `GeometryError` where an angle or offset is not usable.
  public init(
    of series: TiltSeries, depth: Int? = nil, axisOffset: Double? = nil
  ) throws(GeometryError) {
    let shape = series.shape
    try self.init(
      volume: VolumeShape(
        width: shape.binCount, depth: depth ?? shape.binCount, sliceCount: shape.sliceCount),
      series: shape, degrees: series.tilts, axisOffset: axisOffset ?? series.axisOffset)
  }
}

extension ReconstructionMethod {
  /// Reconstructs a series on the geometry that it implies.
  ///
  /// - Parameters:
  ///   - depth: voxels along the beam; as many as across the tilt axis by default.
  ///   - axisOffset: where the tilt axis lies, in pixels from the centre of the detector; where the series says by default.
  ///   - start: where an iterative method begins; zero without it.
  /// - Throws: `GeometryError`, `ReconstructionError`, or what the method throws.
  public func reconstruct(
    _ series: TiltSeries, depth: Int? = nil, axisOffset: Double? = nil, from start: Volume? = nil,
    workers: Workers = .all, monitor: Monitor = .silent
  ) throws -> Tomogram {
    let (volume, report) = try reconstruct(
      series, TiltGeometry(of: series, depth: depth, axisOffset: axisOffset), from: start,
      workers: workers, monitor: monitor)
    return Tomogram(volume: volume, report: report)
  }
}
