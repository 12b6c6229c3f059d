public import Fields
import RealModule

/// Solids in a field of voxels, of which volumes and projections are computed independently.
///
/// Densities of overlapping objects add. A volume is sampled from the solids and a projection is
/// integrated through the solids, so that simulated data never pass through a discrete projector.
public struct Phantom: Sendable {
  /// The voxel counts that ``render(workers:)`` fills.
  public let volume: VolumeShape
  /// The edge of a voxel in nm, where it is known.
  public let voxelSize: Double?
  /// Sub-samples along each edge of a voxel or a detector pixel, instead of the usual 4; at least one.
  package var subdivision = 4 {
    didSet { precondition(subdivision > 0, "a voxel has at least one sub-sample") }
  }
  let solids: [Solid]

  init(_ solids: [Solid], volume: VolumeShape, voxelSize: Double?) {
    (self.solids, self.volume, self.voxelSize) = (solids, volume, voxelSize)
  }

  /// Whether an object is cut by the volume's faces across x or z, so that its projections hold
  /// more than the volume does.
  package var isCut: Bool {
    solids.contains {
      let (x, z) = ($0.extent(along: [1, 0, 0]), $0.extent(along: [0, 0, 1]))
      let (halfWidth, halfDepth) = (Double(volume.width) / 2, Double(volume.depth) / 2)
      return x.lowerBound < -halfWidth || x.upperBound > halfWidth
        || z.lowerBound < -halfDepth || z.upperBound > halfDepth
    }
  }

  /// The mean density of each voxel.
  ///
  /// Solids are integrated exactly along y and at 4 × 4 points of each voxel across it, blobs exactly.
  /// Voxel centres are at whole indices and the solids' origin at `(N − 1)/2`.
  public func render(workers: Workers = .all) -> Volume {
    var rendered = Volume(zeros: volume, voxelSize: voxelSize)
    let slabs = volume.slabs
    workers.forEachSlab(of: rendered.voxels.mutableSpan, length: slabs.pageLength) { page, values in
      let (slab, z) = page.quotientAndRemainder(dividingBy: slabs.pageCount)
      var painter = VolumePage(
        x: Cells(count: slabs.positionCount),
        y: Cells(count: slabs.sliceCount)[slabs.slices(of: slab)],
        z: Cells(count: slabs.pageCount)[z..<z + 1],
        laneCount: slabs.laneCount, subdivision: subdivision)
      var values = values
      for solid in solids { painter.add(solid, to: &values) }
    }
    return rendered
  }

  /// The line integrals of the density, lengths in voxels, averaged over each detector pixel.
  ///
  ///     s = (x − x₀) cos θ + (z − z₀ + zOffset) sin θ + s₀ + axisOffset
  ///
  /// along rays in the direction (−sin θ, 0, cos θ). The chord of each ray is exact, a pixel is the mean
  /// of 4 × 4 rays; blobs are exact.
  ///
  /// - Parameters:
  ///   - degrees: one finite tilt per projection; at least one.
  ///   - binCount: detector bins; the volume's width by default.
  ///   - axisOffset: where the tilt axis lies on the detector, in bins from its centre.
  ///   - zOffset: where the volume's centre lies along the beam, in voxels from the tilt axis.
  public func project(
    degrees: [Double], binCount: Int? = nil, axisOffset: Double = 0, zOffset: Double = 0,
    workers: Workers = .all
  ) -> TiltSeries {
    precondition(degrees.allSatisfy(\.isFinite), "a tilt is a number of degrees")
    let shape = TiltSeriesShape(
      tiltCount: degrees.count, binCount: binCount ?? volume.width, sliceCount: volume.sliceCount)
    var series = TiltSeries(zeros: shape, tilts: degrees, pixelSize: voxelSize)
    let slabs = shape.slabs
    workers.forEachSlab(of: series.projections.mutableSpan, length: slabs.pageLength) {
      page, values in
      let (slab, tilt) = page.quotientAndRemainder(dividingBy: slabs.pageCount)
      let (cosine, sine) = exactTurn(degrees: degrees[tilt])
      let painter = ProjectionPage(
        s: Cells(count: slabs.positionCount, middle: -axisOffset - zOffset * sine),
        y: Cells(count: slabs.sliceCount)[slabs.slices(of: slab)],
        across: Vector(cosine, 0, sine), beam: Vector(-sine, 0, cosine),
        laneCount: slabs.laneCount, subdivision: subdivision)
      var values = values
      for solid in solids { painter.add(solid, to: &values) }
    }
    return series
  }
}

/// cos θ and sin θ, exact at multiples of 90°.
private func exactTurn(degrees: Double) -> (cosine: Double, sine: Double) {
  let quarters = (degrees / 90).rounded()
  let rest = (degrees - 90 * quarters) * .pi / 180
  let (c, s) = (Double.cos(rest), Double.sin(rest))
  return switch Int(quarters.truncatingRemainder(dividingBy: 4) + 4) % 4 {
  case 0: (c, s)
  case 1: (-s, c)
  case 2: (-c, -s)
  default: (s, -c)
  }
}
