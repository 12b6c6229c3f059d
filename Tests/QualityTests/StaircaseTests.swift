import Fields
import Quality
import Testing

@Suite struct StaircaseTests {
  /// A slope along x from 0 at x = 16 to 1 at x = 76, in treads of `tread` voxels.
  private func slope(tread: Int) -> Volume {
    var volume = Volume(zeros: VolumeShape(width: 96, depth: 6, sliceCount: 5))
    for z in 0..<6 {
      for y in 0..<5 {
        for x in 16..<76 { volume[x, y, z] = Float((x - 16) / tread * tread + 30) / 90 }
      }
    }
    return volume
  }

  private func share(_ volume: Volume) throws -> Double? {
    Staircase(volume, try ObjectRegion(of: volume)).flatShare
  }

  @Test("A slope is nowhere flat, and of treads of w voxels (w − 2) / w is")
  func treads() throws {
    #expect(try share(slope(tread: 1)) == 0)
    for tread in [3, 5, 6, 10] {
      let expected = Double(tread - 2) / Double(tread)
      let found = try #require(try share(slope(tread: tread)))
      // The threshold may cut one tread.
      #expect(abs(found - expected) < 0.06, "\(tread): \(found)")
    }
  }

  @Test("Noise of one per cent leaves nothing flat")
  func noisy() throws {
    var volume = slope(tread: 10)
    var state: UInt64 = 5
    for z in 0..<6 {
      for y in 0..<5 {
        for x in 0..<96 {
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          volume[x, y, z] += 0.04 * (Float(state >> 40) / Float(1 << 24) - 0.5)
        }
      }
    }
    #expect(try #require(try share(volume)) < 0.02)
  }
}
