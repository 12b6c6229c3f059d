import Fields
import Testing

@Suite("Likeness")
struct LikenessTests {
  /// 5 × 7 × 9 voxels, so that slabs have padding lanes.
  private func volume(_ value: (Int) -> Float) -> Volume {
    var volume = Volume(zeros: VolumeShape(width: 5, depth: 7, sliceCount: 9))
    for z in 0..<7 {
      for y in 0..<9 { for x in 0..<5 { volume[x, y, z] = value((z * 9 + y) * 5 + x) } }
    }
    return volume
  }

  @Test("constants are told apart from what is not, padding or not")
  func constants() {
    let (flat, zero, wavy) = (volume { _ in 7 }, volume { _ in 0 }, volume { Float($0 % 11) })
    #expect(Likeness(of: flat, and: flat) == .constant(.both))
    #expect(Likeness(of: flat, and: zero) == .constant(.both))
    #expect(Likeness(of: zero, and: wavy) == .constant(.first))
    #expect(Likeness(of: wavy, and: flat) == .constant(.second))
    // The rounding of single precision is no content; a part in a thousand is.
    #expect(Likeness(of: volume { 7 + Float($0 % 2) * 5e-7 }, and: wavy) == .constant(.first))
    #expect(Likeness(of: volume { 7 + Float($0 % 2) * 7e-3 }, and: wavy) == .different)
  }

  @Test("the same data are known again, also times a factor, and not once a voxel differs")
  func same() {
    let wavy = volume { Float($0 % 11) - 3 }
    #expect(Likeness(of: wavy, and: wavy) == .same(factor: 1))
    #expect(Likeness(of: wavy, and: volume { -2 * (Float($0 % 11) - 3) }) == .same(factor: -2))
    #expect(
      Likeness(of: wavy, and: volume { Float($0 % 11) - ($0 == 100 ? 2.99 : 3) }) == .different)
    #expect(Likeness(of: wavy, and: volume { Float($0 % 7) }) == .different)
  }
}
