import Imaging
import Testing

@Suite("Length")
struct LengthTests {
  @Test("3 samples of 50 pm are 150 pm, and back")
  func units() throws {
    let step = 0.05
    #expect(abs(try Length.pixels(3).nanometres(step: step) - 0.15) < 1e-15)
    for text in ["150pm", "0.15nm", "3px", "3"] {
      let length = try #require(Length(text))
      #expect(abs(try length.pixels(step: step) - 3) < 1e-12, "\(text)")
      #expect(abs(try length.nanometres(step: step) - 0.15) < 1e-15, "\(text)")
    }
  }

  @Test(
    "what is no length is refused",
    arguments: ["", "px", "-3px", "0", "nan", "inf", "3mm", "3 4px"])
  func refused(text: String) { #expect(Length(text) == nil) }

  @Test("a unit of length needs the distance of samples, and samples do not")
  func stepUnknown() throws {
    #expect(try Length.pixels(3).pixels(step: nil) == 3)
    #expect(throws: BlurError.stepUnknown) {
      try Length.nanometres(0.15).pixels(step: nil)
    }
  }
}
