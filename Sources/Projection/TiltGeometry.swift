public import Errors
public import Fields
import Operators
import RealModule

/// The geometry of a single-axis tilt series in parallel illumination.
///
/// Voxel (x, z) lands on the detector at
///
///     s = (x − x₀) cos θ + (z − z₀ + zOffset) sin θ + s₀ + axisOffset
///
/// with x₀, z₀ and s₀ at `(N − 1)/2`, lengths in voxels. This is the only place where geometry is
/// validated; what holds a `TiltGeometry` need not check it again.
public struct TiltGeometry: Sendable {
  /// The voxels that are projected.
  public let volume: VolumeShape
  /// Tilts, detector bins and slices of the projections; as many slices as the volume has.
  public let series: TiltSeriesShape
  /// One angle per projection, in radians, the tilt offset included.
  public let tilts: [Double]
  /// Where the tilt axis lies on the detector, in bins from its centre.
  public let axisOffset: Double
  /// Where the centre of the volume lies along the beam, in voxels from the tilt axis.
  public let zOffset: Double
  /// What the instrument makes of line integrals; `nil` where it shows them as they are.
  package private(set) var optics: Optics?

  /// Checks and keeps a geometry.
  ///
  /// - Parameters:
  ///   - degrees: one angle per projection; between −180 and 180, `tiltOffset` included.
  ///   - axisOffset: bins from the centre of the detector, at most the larger of bin count and depth.
  ///   - zOffset: voxels from the tilt axis to the centre of the volume, within the same limit.
  ///   - tiltOffset: degrees added to every angle.
  /// - Throws: ``GeometryError`` where the counts differ, or an angle or offset is not usable.
  public init(
    volume: VolumeShape, series: TiltSeriesShape, degrees: [Double], axisOffset: Double = 0,
    zOffset: Double = 0, tiltOffset: Double = 0
  ) throws(GeometryError) {
    guard degrees.count == series.tiltCount else {
      throw .tiltCount(angles: degrees.count, projections: series.tiltCount)
    }
    guard volume.sliceCount == series.sliceCount,
      volume.slabs.laneCount == series.slabs.laneCount
    else { throw .sliceCount(volume: volume.sliceCount, series: series.sliceCount) }
    for offset in [axisOffset, zOffset, tiltOffset] where !offset.isFinite {
      throw .offsetNotFinite
    }
    let largest = Double(max(series.binCount, volume.depth))
    guard abs(axisOffset) <= largest, abs(zOffset) <= largest else {
      throw .offsetTooLarge(max(abs(axisOffset), abs(zOffset)), limit: largest)
    }
    for (index, degree) in degrees.enumerated() where !(abs(degree + tiltOffset) <= 180) {
      throw .tiltOutOfRange(index: index, degrees: degree + tiltOffset)
    }
    (self.volume, self.series) = (volume, series)
    (self.axisOffset, self.zOffset) = (axisOffset, zOffset)
    tilts = degrees.map { ($0 + tiltOffset) * .pi / 180 }
  }

  private init(
    _ whole: TiltGeometry, _ volume: VolumeShape, _ series: TiltSeriesShape, tilts: [Double]? = nil
  ) {
    (self.volume, self.series) = (volume, series)
    self.tilts = tilts ?? whole.tilts
    (axisOffset, zOffset) = (whole.axisOffset, whole.zOffset)
  }

  /// The same geometry, seen through an instrument.
  package func seen(through optics: Optics?) -> TiltGeometry {
    precondition(
      optics?.responses.allSatisfy { $0.rangeCount == series.slabs.count } ?? true,
      "a response fits the series")
    var geometry = self
    geometry.optics = optics
    return geometry
  }

  /// The same geometry for a group of whole slabs; optics see no others.
  package func group(_ slabs: Range<Int>) -> TiltGeometry {
    let group = TiltGeometry(self, volume.group(slabs), series.group(slabs))
    return group.seen(through: optics?.map { $0.group(group.series.slabs) })
  }

  /// The same geometry for some of the tilts, in the given order.
  package func subset(of tilts: [Int]) -> TiltGeometry {
    TiltGeometry(
      self, volume, series.subset(tiltCount: tilts.count), tilts: tilts.map { self.tilts[$0] }
    ).seen(through: optics?.map { $0.subset(of: tilts) })
  }

  /// The same geometry for a single slice, with the absolute weights of optics.
  package var oneSlice: TiltGeometry {
    TiltGeometry(
      self, VolumeShape(width: volume.width, depth: volume.depth, sliceCount: 1),
      TiltSeriesShape(tiltCount: series.tiltCount, binCount: series.binCount, sliceCount: 1)
    ).seen(through: optics?.map(\.oneSlice))
  }
}

/// Why a tilt geometry was refused.
public enum GeometryError: CategorisedError, Equatable {
  /// There are more or fewer angles than projections.
  case tiltCount(angles: Int, projections: Int)
  /// Volume and series differ in the number of slices along the tilt axis.
  case sliceCount(volume: Int, series: Int)
  /// An angle, its offset included, is outside ±180°; `index` counts from 0.
  case tiltOutOfRange(index: Int, degrees: Double)
  /// An offset is NaN or infinite.
  case offsetNotFinite
  /// The tilt axis would lie outside the field.
  case offsetTooLarge(Double, limit: Double)

  public var category: ErrorCategory {
    .usage
  }

  public var description: String {
    switch self {
    case .tiltCount(let angles, let projections):
      """
      There are \(angles) tilt angles for \(projections) projections. \
      Pass the angle file that came with the stack.
      """
    case .sliceCount(let volume, let series):
      """
      The volume has \(volume) slices along the tilt axis and the series \(series). \
      They must be the same.
      """
    case .tiltOutOfRange(let index, let degrees):
      """
      Tilt \(index + 1) is \(degrees)° (offset included), outside ±180°. \
      Correct the angle file, or --tilt-offset if it is given.
      """
    case .offsetNotFinite:
      "--axis-offset, --z-offset and --tilt-offset must be finite numbers."
    case .offsetTooLarge(let offset, let limit):
      """
      An offset of \(offset) pixels puts the tilt axis outside a field of \(limit) pixels. \
      Offsets are in pixels of the stack, from its centre.
      """
    }
  }
}
