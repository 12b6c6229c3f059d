package import Fields
package import Imaging
package import Projection
package import Reconstruction

/// What the instrument makes of line integrals, as users say it: a point spread, and how it widens out of focus.
package struct OpticsSource: Sendable, Hashable {
  /// A convergent probe.
  package struct Convergence: Sendable, Hashable {
    /// `α`, its semi-angle in rad.
    package let semiAngle: Double
    /// `f`, where it is in focus: voxels from the tilt axis along the beam.
    package let focus: Double

    package init(semiAngle: Double, focus: Double) {
      (self.semiAngle, self.focus) = (semiAngle, focus)
    }
  }

  package let spread: SpreadSource?
  package let convergence: Convergence?

  /// - Returns: `nil` where nothing is said.
  package init?(_ spread: SpreadSource?, _ convergence: Convergence?) {
    guard spread != nil || convergence != nil else { return nil }
    (self.spread, self.convergence) = (spread, convergence)
  }

  package var path: String? { spread?.path }

  /// The optics of a series, and what a reader of the result should know of them.
  ///
  /// With a convergent probe, layers as far apart as widens it by a quarter of a voxel, at most 64, over the depth of the volume:
  ///
  ///     σ(t)² = σ₀² + (α (t − f) / 2)²      that of a disc of radius α |t − f|
  ///
  /// - Throws: ``SeriesError``, `StackError` or `BlurError`.
  package func optics(
    of geometry: TiltGeometry, axis: TiltAxis, pixelSize: Double?, workers: Workers
  ) throws -> (Optics, notes: [String]) {
    let series = geometry.series
    guard let convergence else {
      let (blur, notes) = try response(
        of: series, axis: axis, pixelSize: pixelSize, workers: workers)
      return (Optics(blur), notes)
    }
    let sharp = try widths(axis, pixelSize)
    let (width, depth) = (Double(geometry.volume.width), Double(geometry.volume.depth))
    let reach = (width * width + depth * depth).squareRoot() / 2 + abs(geometry.zOffset)
    let spacing = max(0.5 / convergence.semiAngle, 2 * reach / 63)
    let count = max(2, Int((2 * reach / spacing).rounded(.up)) + 1)
    let layers = try (0..<count).map { layer in
      let distance = Double(layer) * spacing - reach - convergence.focus
      let wider = convergence.semiAngle * distance / 2
      let sigmas = sharp.map { ($0 * $0 + wider * wider).squareRoot() }
      return SeriesBlur(
        [try PointSpread(gaussian: [0] + sigmas)], of: series.slabs, workers: workers)
    }
    return (Optics(layers: layers, first: -reach, spacing: spacing), [])
  }

  /// The same for exact line integrals, which do not tell depths.
  ///
  /// - Throws: ``SeriesError/convergenceOfSolids`` for a convergent probe.
  package func response(
    of series: TiltSeriesShape, axis: TiltAxis, pixelSize: Double?, workers: Workers
  ) throws -> (SeriesBlur, notes: [String]) {
    guard convergence == nil, let spread else { throw SeriesError.convergenceOfSolids }
    let (spreads, notes) = try spread.spreads(of: series, axis: axis, pixelSize: pixelSize)
    return (SeriesBlur(spreads, of: series.slabs, workers: workers), notes)
  }

  /// Along slices and bins.
  private func widths(_ axis: TiltAxis, _ pixelSize: Double?) throws -> [Double] {
    switch spread {
    case nil: return [0, 0]
    case .file: throw SeriesError.measuredConvergence
    case .gaussian(let lengths):
      let sigmas = try SpreadSource.widths(lengths, pixelSize)
      guard sigmas.count <= 2 else { throw SeriesError.spreadAxes(found: 3, needed: 2) }
      let both = sigmas.count == 1 ? [sigmas[0], sigmas[0]] : sigmas
      return axis == .y ? both : [both[1], both[0]]
    }
  }

  /// As records hold it, widths in pixels of `pixelSize` nm.
  package func settings(pixelSize: Double?) throws -> [String: Setting] {
    var settings = try spread?.inPixels(of: pixelSize).settings ?? [:]
    settings["convergence"] = convergence.map { .number($0.semiAngle) }
    settings["focus"] = convergence.map { .number($0.focus) }
    return settings
  }
}
