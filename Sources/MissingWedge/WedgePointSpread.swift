package import Fields
import Phantoms
import Projection
package import Reconstruction

/// What a method makes of a small known object, from exact projections at the user's tilts.
///
/// Widths at half maximum along x, y and z, curvatures at the peak, lobes. The elongation of a blob by
/// curvature is that of the point spread; widths of objects are drawn out by other factors: 1.382 for a
/// Gaussian at ±70° under filtered back-projection, less the larger and sharper an object is.
package struct WedgePointSpread: Sendable {
  package let probe: Probe
  package let volume: Volume
  package let x: LineProfile
  package let y: LineProfile
  package let z: LineProfile
  /// Of a blob, through a Gaussian of its own width; a sphere is flat inside.
  package let curvature: PeakCurvature?
  package let report: ReconstructionReport

  /// The width along z over that along x.
  package var widthRatio: Double? {
    z.halfWidth.flatMap { long in x.halfWidth.map { long / $0 } }
  }

  /// - Parameters:
  ///   - degrees: one tilt a projection.
  ///   - size: voxels of the cube, odd, so that a voxel lies at the centre.
  /// - Throws: what the method throws, or a `GeometryError`.
  package init(
    of method: any ReconstructionMethod, _ probe: Probe, degrees: [Double], size: Int,
    workers: Workers = .all, monitor: Monitor = .silent
  ) throws {
    precondition(size % 2 == 1, "the probe stands on a voxel")
    let series = probe.phantom(size: size).project(degrees: degrees, workers: workers)
    let cube = VolumeShape(width: size, depth: size, sliceCount: size)
    let geometry = try TiltGeometry(volume: cube, series: series.shape, degrees: degrees)
    let (volume, report) = try method.reconstruct(
      series, geometry, from: nil, workers: workers, monitor: monitor)
    self.init(probe, volume, report)
  }

  /// Measures what was reconstructed of `probe`, centred in a volume of odd sides.
  package init(_ probe: Probe, _ volume: Volume, _ report: ReconstructionReport) {
    (self.probe, self.volume, self.report) = (probe, volume, report)
    x = LineProfile(volume, along: [1, 0, 0])
    y = LineProfile(volume, along: [0, 1, 0])
    z = LineProfile(volume, along: [0, 0, 1])
    curvature =
      if case .blob(let sigma) = probe { PeakCurvature(volume, scale: sigma) } else { nil }
  }
}
