import Fields
import Plots
import Testing

@Suite("Section")
struct SectionTests {
  /// Voxel (x, y, z) holds 100 z + 10 y + x.
  private var volume: Volume {
    var volume = Volume(zeros: VolumeShape(width: 4, depth: 2, sliceCount: 3))
    for z in 0..<2 {
      for y in 0..<3 {
        for x in 0..<4 { volume[x, y, z] = Float(100 * z + 10 * y + x) }
      }
    }
    return volume
  }

  @Test(
    "rows and columns run as stated",
    arguments: [
      (Section.xy(z: 1), 4, [100, 101, 102, 103, 110, 111, 112, 113, 120, 121, 122, 123]),
      (.xz(y: 2), 4, [20, 21, 22, 23, 120, 121, 122, 123]),
      (.zy(x: 3), 2, [3, 103, 13, 113, 23, 123]),
    ])
  func orientation(section: Section, width: Int, expected: [Int]) throws {
    let plane = try section.values(of: volume)
    #expect(plane.width == width)
    let values = (0..<plane.values.count).map { Int(plane.values.span[$0]) }
    #expect(values == expected)
  }

  @Test("a section outside the volume is named in the error")
  func outside() {
    #expect(throws: PlotError.sectionOutside("zy, x = 4", count: 4)) {
      try Picture(.zy(x: 4), of: volume)
    }
  }

  @Test("zy stands right of xy on its rows, xz below on its columns")
  func layout() throws {
    let volume = Volume(zeros: VolumeShape(width: 120, depth: 70, sliceCount: 90))
    let picture = try Picture.orthogonalSections(of: volume)
    // Gaps of 8; captions of 12 above each; all planes mid-grey, as the volume is constant.
    #expect(picture.width == 8 + 120 + 8 + 70 + 8)
    #expect(picture.height == 8 + 12 + 90 + 8 + 12 + 70 + 8)
    func shade(_ row: Int, _ column: Int) -> UInt8 { picture.pixels[row * picture.width + column] }
    #expect(shade(20, 8) == 128 && shade(20 + 89, 8 + 119) == 128)
    #expect(shade(20, 136) == 128 && shade(20 + 89, 136 + 69) == 128)
    #expect(shade(130, 8) == 128 && shade(130 + 69, 8 + 119) == 128)
    #expect(shade(130, 136) == 255)
  }
}
