import Fields
import Reporting
import Testing

@Suite struct VolumeViewTests {
  @Test(
    "Large volumes are binned just as far as they must be",
    arguments: [
      ((256, 256, 256), 1), ((257, 256, 256), 2), ((1024, 1024, 16), 1), ((1024, 1024, 17), 2),
      ((4096, 1, 1), 1), ((4097, 1, 1), 2), ((1000, 1000, 1000), 4),
    ] as [((Int, Int, Int), Int)])
  func binning(size: (x: Int, y: Int, z: Int), factor: Int) {
    let extent = VolumeView.Extent(x: size.x, y: size.y, z: size.z)
    #expect(extent.binning == factor)
  }

  @Test("Black and white are robust: few outliers do not darken the rest")
  func robustness() {
    var gathering = VolumeView.Gathering(VolumeView.Extent(x: 100, y: 100, z: 3), voxelSize: nil)
    for z in 0..<3 {
      var page = FloatStorage(zeros: 10_000)
      var pixels = page.mutableSpan
      for i in 0..<10_000 { pixels[i] = Float(i % 101) }
      if z == 1 { (pixels[0], pixels[1]) = (1e9, -1e9) }
      gathering.add(page.span)
    }
    let view = gathering.finish()
    #expect(view.range == 0...100)
    #expect(view.contrast == 0...100)
  }

  @Test("A volume in memory is seen as its file would be")
  func inMemory() {
    let view = VolumeView(Marked.volume)
    #expect(view.source == VolumeView.Extent(x: 7, y: 5, z: 6) && view.extent == view.source)
    #expect(view.voxelSize == 2 && view.tiltAxis == .y && view.range == 0...1)
  }
}
