import StackIO
import Testing

@Suite("TIFFDescription")
struct TIFFDescriptionTests {
  @Test(
    "distances come from ImageJ, OME and plausible plain resolutions, and are never invented",
    arguments: [
      ("imagej-nm", StackSpacing(column: 3.36, row: 3.36, page: 5.5)),
      ("imagej-micron", StackSpacing(column: 4, row: 5, page: 10)),
      ("imagej-escaped", StackSpacing(column: 4, row: 5, page: 10)),
      ("imagej-pixel", StackSpacing()),
      ("ome", StackSpacing(column: 0.5, row: 0.6, page: 2)),
      ("plain-cm", StackSpacing(column: 4, row: 5)),
      ("plain-300dpi", StackSpacing()),
    ])
  func distances(name: String, spacing: StackSpacing) throws {
    let (info, values) = try allPages(golden("\(name).tif"))
    #expect(info.spacing == spacing)
    #expect(values == ramp(105, 1, 0))
  }

  @Test("ImageJ's calibration of signed samples is applied")
  func calibration() throws {
    let (info, values) = try allPages(golden("imagej-calibrated.tif"))
    #expect(info.valueScale == ValueScale(scale: 1, offset: -32768))
    #expect(values == ramp(105, 1, -32768))
  }
}
