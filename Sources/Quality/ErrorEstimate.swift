package import Fields
public import Records
import Transforms

/// How far a volume is from the truth, as its own tilts tell.
///
/// The transform of what a tilt leaves, e = y − Hx, is a central slice of that of the volume's error, whose mean square is
/// therefore an integral over all angles of the power of e weighted by |k| (Parseval in polar coordinates):
///
///     P = π / (Nx Nz) · ⟨ Σ e (h ∗ e) − σ² n / 4 ⟩,   h the ramp filter, n bins, the noise of e taken off
///     error² = f P(every fifth tilt) + (1 − f) P(an outermost group) + ⟨(A − B)²⟩ / 4
///
/// with f the part of Fourier space that tilts sample. Tilts that were left out one at a time, between others, stand
/// for what was measured, and a group at the end of the range for the missing wedge. Neither sees the noise that lies on the
/// slices of the other tilts, which the halves A and B of the series do.
public struct ErrorEstimate: Sendable, Codable, Hashable {
  /// The root mean square of `volume − truth` over the voxels, in the units of the volume; `nil` where no more than noise
  /// is seen.
  @Nullable public private(set) var total: Double?
  /// Its three parts, as roots of mean squares: where tilts sample, in the missing wedge, and the noise.
  package let sampled: Double
  package let wedge: Double
  package let noise: Double
  /// What would not show, since σ is an estimate and may be wrong by 5 %; 0 where σ is known.
  package let floor: Double
  /// `√(1 + error² / P(noise))`: at least 1, and an order of all reconstructions of one series, even with a wrong σ.
  package let overNoise: Double

  static let uncertainty = 0.05

  /// The power of what is left of some tilts that were left out, and of the noise in it: `Σ e (h ∗ e)` and `σ² n / 4`,
  /// means over tilts and slices.
  package struct Power {
    package let left: Double
    package let noise: Double

    /// - Parameter sigmas: one a tilt.
    package init(
      of series: TiltSeries, predictedBy prediction: FloatStorage, sigmas: [Double],
      workers: Workers
    ) {
      let (slabs, bins) = (series.shape.slabs, series.shape.binCount)
      var error = series.projections
      workers.forEachSlab(of: error.mutableSpan, length: slabs.pageLength) { page, values in
        var values = values
        let span = prediction.span
        for i in values.indices { values[i] -= span[page * slabs.pageLength + i] }
      }
      guard let ramp = try? RampFilter(binCount: bins) else {
        preconditionFailure("a ramp without a cut-off is always valid")
      }
      var filtered = FloatStorage(zeros: slabs.count)
      ramp.apply(
        to: error.span, shape: slabs, goesBeyond: Array(repeating: false, count: slabs.sliceCount),
        tiltWeights: sigmas.map { _ in 1 }, into: filtered.mutableSpan, workers: workers)
      let (errors, ramped) = (error, filtered)
      let sums = workers.results(slabs.pageCount) { tilt in
        let (e, h) = (errors.span, ramped.span)
        var sum = 0.0
        for slice in 0..<slabs.sliceCount {
          for bin in 0..<bins {
            let i = slabs.index(slice: slice, page: tilt, position: bin)
            sum += Double(e[i]) * Double(h[i])
          }
        }
        return sum
      }
      left = sums.reduce(0, +) / Double(slabs.pageCount * slabs.sliceCount)
      noise =
        sigmas.reduce(0) { $0 + $1 * $1 } / Double(sigmas.count) * Double(bins) / 4
    }
  }

  /// - Parameters:
  ///   - outermost: `nil` where tilts sample everything.
  ///   - difference: `⟨(A − B)²⟩ / 4`
  ///   - part: f
  package init(
    fifth: Power, outermost: Power?, difference: Double, part: Double, shape: VolumeShape,
    isSigmaEstimated: Bool
  ) {
    let share = outermost == nil ? 1 : part
    let scale = Double.pi / Double(shape.width * shape.depth)
    let (between, beyond) = (share * scale, (1 - share) * scale)
    let unit = between * fifth.noise + beyond * (outermost?.noise ?? 0)
    let measured = between * (fifth.left - fifth.noise)
    let missing = beyond * ((outermost?.left ?? 0) - (outermost?.noise ?? 0))
    let square = measured + missing + difference
    total = square > 0 ? square.squareRoot() : nil
    sampled = max(0, measured).squareRoot()
    wedge = max(0, missing).squareRoot()
    noise = difference.squareRoot()
    // (1 + u)² − 1 ≈ 2u
    floor = isSigmaEstimated ? (2 * Self.uncertainty * unit).squareRoot() : 0
    overNoise = max(0, 1 + square / unit).squareRoot()
  }
}
