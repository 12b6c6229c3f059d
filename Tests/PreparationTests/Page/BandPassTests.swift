import Fields
import Preparation
import TestSupport
import Testing

@Suite struct BandPassTests {
  @Test("A band-passed picture is that of scipy's Gaussians")
  func golden() throws {
    let (clean, expected) = (try page("clean.f32"), try goldenFloats("bandpass.f32", in: .module))
    let found = BandPass(narrow: 1, wide: 3).filtered(clean.pixels, columnCount: 40)
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 2e-5 })
  }
}
