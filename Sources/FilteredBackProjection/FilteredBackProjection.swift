public import Fields
public import Projection
public import Reconstruction
public import Transforms

/// Filtered back-projection: ramp-filtered projections, interpolated linearly and summed.
///
///     v(x, z) = Σ_θ w_θ (h ∗ p_θ)(u(x, z; θ))
///
/// with quadrature weights `w_θ` in radians (``TiltWeights``). A full range gives the true density;
/// ±α gives α/90° of it at the centre of an isotropic object, unless ``Scale/full`` is asked for.
///
/// Cost: O(voxels × tilts). Memory: the volume and two copies of the series.
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

  public let window: RampWindow
  /// A fraction of the Nyquist frequency, above which nothing passes.
  public let cutoff: Double
  public let scale: Scale

  public init(window: RampWindow = .ramLak, cutoff: Double = 1, scale: Scale = .measured) {
    (self.window, self.cutoff, self.scale) = (window, cutoff, scale)
  }

  public var name: String { "fbp" }
  public var settings: [String: Setting] {
    [
      "window": .text(window.rawValue), "cutoff": .number(cutoff),
      "fbpScale": .text(scale.rawValue),
    ]
  }
  public var iterationLimit: Int { 1 }
  public var stopRule: StopRule { .never }
  public var acceptsStart: Bool { false }
  public var seriesCopies: Int { 1 }

  public func makePass(_ geometry: TiltGeometry, workers: Workers) throws -> any SlicePass {
    var weights = TiltWeights.trapezoid(geometry.tilts)
    if scale == .full {
      let range = weights.reduce(0, +)
      weights = weights.map { $0 * .pi / range }
    }
    return Pass(
      filter: try RampFilter(
        binCount: geometry.series.binCount, window: window, cutoff: cutoff),
      projector: ParallelProjector(geometry, workers: workers), weights: weights)
  }

  private struct Pass: SlicePass {
    let filter: RampFilter
    let projector: ParallelProjector
    let weights: [Double]

    func refine(_ volume: inout FloatStorage, to measured: FloatStorage) -> IterationSums? {
      var filtered = measured
      filter.apply(
        to: filtered.mutableSpan, shape: projector.geometry.series.slabs, tiltWeights: weights,
        workers: projector.workers)
      projector.backProjectInterpolating(
        filtered.span, factors: weights.map { _ in 1 }, into: volume.mutableSpan)
      return nil
    }
  }
}
