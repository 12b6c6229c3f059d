import Fields
import Foundation
import Reporting
import Testing

extension BrowserTests {
  @Test("On a narrow window nothing is wider than the page")
  func narrow() throws {
    let verdict = try open(
      width: 500,
      script: """
        verdict.over = document.documentElement.scrollWidth - document.documentElement.clientWidth;
        verdict.isNarrow = Number($("views").classList.contains("narrow"));
        """)
    #expect(verdict.number("over") == 0)
    #expect(verdict.number("isNarrow") == 1)
  }

  @Test("A binned volume shows the means of its cubes, at the places of the file")
  func binned() throws {
    let shape = VolumeView.Extent(x: 4098, y: 2, z: 3)
    var gathering = VolumeView.Gathering(shape, voxelSize: 1)
    for z in 0..<3 {
      var page = FloatStorage(zeros: 4098 * 2)
      var pixels = page.mutableSpan
      // One whole cube at x = 8, 9, and half of the last one, which is one page thick.
      for y in 0..<2 { for x in 8..<10 where z < 2 { pixels[y * 4098 + x] = 8 } }
      if z == 2 { pixels[4097] = 8 }
      pixels[0] = z < 2 ? 4 : 0
      gathering.add(page.span)
    }
    let view = gathering.finish()
    #expect(view.binning == 2 && view.extent == VolumeView.Extent(x: 2049, y: 1, z: 2))
    let verdict = try open(
      content(view),
      script: """
        const read = (x, z) => { slide("x", x); slide("z", z); return $("reading").textContent; };
        verdict.values = [read(4, 0), read(0, 0), read(2048, 1), read(5, 0)];
        verdict.most = Number($("x").max);
        """)
    let values = verdict.texts("values").map {
      $0.prefix { $0 != "." } + $0.dropFirst($0.prefix { $0 != "." }.count).prefix(2)
    }
    #expect(
      values == [
        "At (8, 0, 0): about 8.0", "At (0, 0, 0): about 1.0", "At (4096, 0, 2): about 2.0",
        "At (10, 0, 0): about 0.0",
      ])
    #expect(verdict.number("most") == 2048)
  }
}
