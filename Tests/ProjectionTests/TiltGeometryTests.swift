import Fields
import Projection
import Testing

@Suite("TiltGeometry")
struct TiltGeometryTests {
  let volume = VolumeShape(width: 8, depth: 8, sliceCount: 40)
  let series = TiltSeriesShape(tiltCount: 2, binCount: 8, sliceCount: 40)

  @Test("a wrong number of angles is refused with both counts")
  func count() {
    #expect(throws: GeometryError.tiltCount(angles: 3, projections: 2)) {
      try TiltGeometry(volume: volume, series: series, degrees: [0, 1, 2])
    }
  }

  @Test("an angle beyond ±180° is refused and named")
  func range() {
    #expect(throws: GeometryError.tiltOutOfRange(index: 1, degrees: 190)) {
      try TiltGeometry(volume: volume, series: series, degrees: [0, 180], tiltOffset: 10)
    }
    #expect(throws: GeometryError.self) {
      try TiltGeometry(volume: volume, series: series, degrees: [0, .nan])
    }
  }

  @Test("offsets must be finite and inside the field")
  func offsets() {
    #expect(throws: GeometryError.offsetNotFinite) {
      try TiltGeometry(volume: volume, series: series, degrees: [0, 1], axisOffset: .infinity)
    }
    #expect(throws: GeometryError.offsetTooLarge(9, limit: 8)) {
      try TiltGeometry(volume: volume, series: series, degrees: [0, 1], zOffset: -9)
    }
  }

  @Test("voxels land on the detector, or up to where the corners do")
  func landing() throws {
    func bins(_ degrees: Double, _ axisOffset: Double = 0) throws -> Range<Int> {
      try TiltGeometry(
        volume: volume, series: series, degrees: [0, degrees], axisOffset: axisOffset
      ).landingBins
    }
    #expect(try bins(0) == 0..<8)
    // 3.5 ± 7/√2 is −1.45 and 8.45.
    #expect(try bins(45) == -2..<10)
    #expect(try bins(-135) == -2..<10)
    #expect(try bins(45, 3) == 0..<13)
    #expect(try bins(0, -1.25) == -2..<8)
  }

  @Test("a group of slabs keeps the lanes of the whole")
  func group() throws {
    let geometry = try TiltGeometry(volume: volume, series: series, degrees: [0, 1])
    let last = geometry.group(1..<2)
    #expect(last.volume.sliceCount == 8 && last.volume.slabs.laneCount == 32)
    #expect(last.series.slabs.laneCount == 32)
  }
}
