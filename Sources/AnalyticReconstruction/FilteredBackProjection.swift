public import Fields
public import Projection
public import Reconstruction
public import Transforms

/// Filtered back-projection: ramp-filtered projections, interpolated linearly and summed.
///
///     v(x, z) = Σ_θ w_θ (h ∗ p_θ)(u(x, z; θ))
///
/// with quadrature weights `w_θ` in radians (`TiltWeights`). Off the detector `h ∗ p_θ` is taken as it
/// is where a slice's projections end in vacuum, and as zero otherwise (`FieldEnds`). A full range gives the true density;
/// ±α gives α/90° of it at the centre of an isotropic object, unless ``Scale/full`` is asked for.
///
/// Cost: O(voxels × tilts). Memory: the volume and two copies of the series, one of which
/// holds the bins beyond the detector on which voxels land.
///
/// - Reference: A. C. Kak and M. Slaney, Principles of Computerized Tomographic Imaging (1988), §3.3.
public struct FilteredBackProjection: SliceWiseMethod {
  /// What the result is multiplied by.
  public enum Scale: String, Sendable, Codable, CaseIterable {
    /// Nothing: the quadrature over the measured range.
    case measured
    /// π / the sum of the quadrature weights: makes up for a limited range at zero frequency.
    case full
  }

  /// What the ramp is multiplied by to damp noise; `.ramLak`, the default, damps nothing below the cut-off.
  public let window: RampWindow
  /// A fraction of the Nyquist frequency, above which nothing passes; 1 by default.
  public let cutoff: Double
  /// `.measured` by default: nothing is rescaled.
  public let scale: Scale

  private enum CodingKeys: String, CodingKey {
    case window, cutoff
    case scale = "fbpScale"
  }

  /// - Parameter cutoff: above 0 and at most 1; a run throws `TransformError` for another one.
  public init(window: RampWindow = .ramLak, cutoff: Double = 1, scale: Scale = .measured) {
    (self.window, self.cutoff, self.scale) = (window, cutoff, scale)
  }

  public var name: String { "fbp" }
  public var iterationLimit: Int { 1 }
  public var stopRule: StopRule { .never }
  public var traits: MethodTraits {
    MethodTraits(isLinear: true, isDirect: true, acceptsStart: false)
  }
  public var seriesCopies: Int { 1 }

  public func binsPerCopy(_ geometry: TiltGeometry) -> Int { geometry.landingBins.count }

  public func makePass(_ geometry: TiltGeometry, workers: Workers) throws -> any SlicePass {
    guard geometry.optics == nil else { throw ReconstructionError.responseNotModelled(name) }
    var weights = TiltWeights.trapezoid(geometry.tilts)
    if scale == .full {
      let range = weights.reduce(0, +)
      weights = weights.map { $0 * .pi / range }
    }
    return Pass(
      filter: try RampFilter(
        binCount: geometry.series.binCount, bins: geometry.landingBins, window: window,
        cutoff: cutoff),
      projector: ParallelProjector(geometry, workers: workers), weights: weights)
  }

  private struct Pass: SlicePass {
    let filter: RampFilter
    let projector: ParallelProjector
    let weights: [Double]

    func refine(_ volume: inout FloatStorage, to measured: FloatStorage) -> IterationSums? {
      let (shape, workers) = (projector.geometry.series.slabs, projector.workers)
      var filtered = FloatStorage(zeros: shape.holding(filter.bins).count)
      let goesBeyond =
        filter.bins.count > filter.binCount
        ? FieldEnds.areVacuum(measured.span, shape, workers: workers)
        : [Bool](repeating: false, count: shape.sliceCount)
      filter.apply(
        to: measured.span, shape: shape, goesBeyond: goesBeyond, tiltWeights: weights,
        into: filtered.mutableSpan, workers: workers)
      projector.backProjectInterpolating(
        filtered.span, bins: filter.bins, factors: weights.map { _ in 1 },
        into: volume.mutableSpan)
      return nil
    }
  }
}
