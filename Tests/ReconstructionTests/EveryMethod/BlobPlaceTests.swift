import Fields
import Projection
import Reconstruction
import TestSupport
import Testing

@Suite("A blob off the centre")
struct BlobPlaceTests {
  @Test("is found within 0.02 voxels of its place", arguments: Candidate.all, Field.all)
  func place(candidate: Candidate, field: Field) throws {
    let blob = Blob(x: field.x, z: field.z, sigma: 3)
    let shape = TiltSeriesShape(tiltCount: 90, binCount: field.binCount, sliceCount: 1)
    let geometry = try TiltGeometry(
      volume: VolumeShape(width: field.width, depth: field.depth, sliceCount: 1), series: shape,
      degrees: fullRange, axisOffset: field.axisOffset, zOffset: field.zOffset)
    let series = blob.project(
      shape, degrees: fullRange, axisOffset: field.axisOffset, zOffset: field.zOffset)
    let (volume, _) = try candidate.method.reconstruct(
      series, geometry, from: nil, workers: .all, monitor: .silent)
    let centre = squareWeightedCentre(of: volume, slice: 0)
    #expect(abs(centre.x - blob.x) < 0.02)
    #expect(abs(centre.z - blob.z) < 0.02)
  }

  /// Even and odd, equal and unequal sides, and a tilt axis off the middle.
  struct Field: Sendable, CustomTestStringConvertible {
    let (width, depth, binCount): (Int, Int, Int)
    let (x, z): (Double, Double)
    var axisOffset = 0.0
    var zOffset = 0.0

    static let all = [
      Field(width: 64, depth: 64, binCount: 64, x: 6.3, z: -4.6),
      Field(width: 63, depth: 63, binCount: 63, x: 6.3, z: -4.6),
      Field(width: 64, depth: 49, binCount: 71, x: -7.2, z: 5.4),
      Field(width: 57, depth: 64, binCount: 80, x: -7.2, z: 5.4, axisOffset: 3.4),
      Field(width: 64, depth: 63, binCount: 90, x: 5.5, z: 8.25, axisOffset: -2.75, zOffset: 6.5),
    ]

    var testDescription: String {
      "\(width) × \(depth), \(binCount) bins, offsets \(axisOffset) and \(zOffset)"
    }
  }
}
