import SpectralTomography
import Testing

@Suite struct HyperstackOrderTests {
  @Test("ImageJ has channels fastest, whether tilts are slices or frames")
  func imageJ() throws {
    for axis in ["slices", "frames"] {
      let order = try #require(
        HyperstackOrder("ImageJ=1.54\nimages=12\nchannels=4\n\(axis)=3\nhyperstack=true\n"))
      #expect(order.channelCount == 4 && order.tiltCount == 3)
      #expect(order.page(channel: 1, tilt: 2) == 9)
    }
  }

  @Test("OME tells its own order")
  func ome() throws {
    let text = "<OME><Pixels DimensionOrder=\"XYZCT\" SizeC=\"4\" SizeT=\"1\" SizeZ=\"3\"/></OME>"
    let order = try #require(HyperstackOrder(text))
    #expect(order.page(channel: 1, tilt: 2) == 5)
  }

  @Test("What has no channels, or both slices and frames, is no such stack")
  func others() {
    #expect(HyperstackOrder("ImageJ=1.54\nimages=12\nslices=12\n") == nil)
    #expect(HyperstackOrder("ImageJ=1.54\nchannels=2\nslices=3\nframes=2\n") == nil)
    #expect(HyperstackOrder("something else") == nil)
    let endless = String(Int.max)
    #expect(HyperstackOrder("ImageJ=1.54\nchannels=\(endless)\nslices=3\n") == nil)
  }
}
