import StackIO
import Testing

@Suite("MRCExtendedHeader")
struct MRCExtendedHeaderTests {
  @Test(
    "the tilts of every kind of extended header are read",
    arguments: [
      "fei-old.mrc", "fei1.mrc", "fei2.mrc", "seri-little.st", "seri-big.st", "agard.mrc",
    ])
  func tilts(name: String) throws {
    let (info, values) = try allPages(golden(name))
    #expect(info.tilts?.degrees == [-60.5, 0, 60.5])
    #expect(info.tilts?.source == .header(path: golden(name)))
    #expect(values == ramp(105, 1, name == "fei-old.mrc" ? -50 : 0))
  }

  @Test("FEI's pixel size in metres comes before the cell")
  func pixelSize() throws {
    for name in ["fei-old.mrc", "fei1.mrc", "fei2.mrc"] {
      let info = try StackReader(path: golden(name)).info
      #expect(info.pixelSize == 3.36 && info.rowSpacing == 3.36 && info.pageSpacing == nil)
    }
  }

  @Test("doses come in electrons/Å²")
  func doses() throws {
    for name in ["fei1.mrc", "seri-little.st", "seri-big.st"] {
      let doses = try #require(try StackReader(path: golden(name)).info.exposureDoses)
      #expect(doses.count == 3 && doses.allSatisfy { abs($0 - 2.5) < 1e-12 })
    }
    #expect(try StackReader(path: golden("fei-old.mrc")).info.exposureDoses == nil)
  }

  @Test("a plain header has neither tilts nor an invented pixel size")
  func plain() throws {
    let info = try StackReader(path: golden("nonfinite.mrc")).info
    #expect(info.tilts == nil && info.spacing == StackSpacing())
  }
}
