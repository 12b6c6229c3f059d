public import Fields
package import Imaging
import Projection
import Transforms

/// A HAADF tilt series and chemical tilt series of the same specimen, at tilts of their own; each
/// pixel of a chemical series covers `k × k` HAADF pixels, k a whole number.
///
/// Concentrations are volumes on the HAADF's pixels, signals line integrals with lengths in voxels.
public struct SeriesDetectors: Sendable {
  /// The chemical tilt series of one element.
  public struct Map: Sendable {
    package let element: ChemicalElement
    package let series: TiltSeries
    /// Counts without a background by default.
    public var noise = MapNoise.poisson(background: 0)
    /// The signal of a pixel that sees one voxel length of concentration 1; `nil` makes 1 the typical concentration.
    public var scale: Double?

    /// A series of counts with its own tilts.
    public init(_ element: ChemicalElement, _ series: TiltSeries) {
      (self.element, self.series) = (element, series)
    }
  }

  package let haadf: TiltSeries
  package let maps: [Map]
  /// Voxels along the beam.
  package let depth: Int
  package var haadfSigma: Double?
  package var axisOffset = 0.0
  /// The blur of HAADF and that of the maps, in pixels of HAADF; `nil` for none.
  package var spread: PointSpread?
  package var mapSpread: PointSpread?
  /// Whether the counts of each chemical tilt may differ by a factor.
  package var yields = TiltYields.Choice.equal
  package var workers = Workers.all

  /// What was measured of one specimen; sizes are checked by ``data()``.
  ///
  /// - Parameter depth: voxels along the beam, of the size of a HAADF pixel.
  public init(_ haadf: TiltSeries, _ maps: [Map], depth: Int) {
    (self.haadf, self.maps, self.depth) = (haadf, maps, depth)
  }

  package var volume: VolumeShape {
    VolumeShape(
      width: haadf.shape.binCount, depth: depth, sliceCount: haadf.shape.sliceCount)
  }

  /// What ``SensorFusion/fuse(_:trial:onStage:isCancelled:)`` takes: all series with their noise and projectors.
  ///
  /// - Throws: ``FusionError`` or `GeometryError` where sizes do not fit or noise cannot be told.
  public func data() throws -> FusionData {
    let pictures = Pictures(haadf.shape.slabs)
    guard
      let sigma = haadfSigma ?? SignalNoise(haadf.projections, pictures, workers: workers)?.sigma
    else { throw FusionError.noiseUnknown("HAADF") }
    let signal = HAADFSignal(
      haadf.projections, pictures, through: try projector(haadf.tilts, spread), sigma: sigma)
    return FusionData(
      signal, yielding(try maps.map(view), pictures),
      gradient: SlabGradient(volume.slabs, reach: .space, workers: workers))
  }

  private func projector(
    _ tilts: [Double], _ spread: PointSpread?
  ) throws -> ParallelProjector {
    let series = TiltSeriesShape(
      tiltCount: tilts.count, binCount: haadf.shape.binCount, sliceCount: haadf.shape.sliceCount)
    let geometry = try TiltGeometry(
      volume: volume, series: series, degrees: tilts, axisOffset: axisOffset)
    let blur = spread.map { Optics(SeriesBlur([$0], of: series.slabs, workers: workers)) }
    return ParallelProjector(geometry.seen(through: blur), workers: workers)
  }

  private func view(_ map: Map) throws -> ElementMap {
    let name = map.element.symbol
    let found = map.series.shape
    let factor = haadf.shape.binCount / max(found.binCount, 1)
    let projector = try projector(map.series.tilts, mapSpread)
    guard let binning = MapBinning(projector.geometry.series.slabs, by: factor),
      binning.coarse == found.slabs
    else {
      throw FusionError.shape(
        name, found: [found.binCount, found.sliceCount],
        haadf: [haadf.shape.binCount, haadf.shape.sliceCount])
    }
    let noise = try map.noise.known(
      name, map.series.projections, Pictures(found.slabs), workers)
    return ElementMap(
      map.element, map.series.projections, through: projector, binning, noise: noise,
      scale: map.scale)
  }
}
