import StackIO
import Testing

@Suite("Mdoc")
struct MdocTests {
  @Test("notes beside a stack give angles, doses and the pixel size in the order of ZValue")
  func beside() throws {
    let info = try StackReader(path: golden("noted.mrc")).info
    #expect(info.tilts?.degrees == [-60.5, 0.01, 60.49])
    #expect(info.tilts?.source == .mdoc(path: golden("noted.mrc.mdoc")))
    #expect(info.exposureDoses == [1.5, 2, 2.5])
    #expect(info.spacing == StackSpacing(column: 3.36, row: 3.36))
  }

  @Test("angles can be asked of the notes themselves")
  func alone() throws {
    #expect(
      try TiltAngles(reading: golden("noted.mrc.mdoc")).degrees == [-60.5, 0.01, 60.49])
  }

  @Test("a section without an angle and one that stands there twice are named")
  func faults() throws {
    let scratch = try Scratch()
    let one = try scratch.write("[ZValue = 0]\nTiltAngle = 1\n[ZValue = 1]\n", to: "a.mdoc")
    #expect(
      failure { _ = try TiltAngles(reading: one) }
        == .tilts(.missingAngle(source: .mdoc(path: one), section: 1)))
    let two = try scratch.write(
      "[ZValue = 4]\nTiltAngle = 1\n[ZValue = 4]\nTiltAngle = 2\n", to: "b.mdoc")
    #expect(
      failure { _ = try TiltAngles(reading: two) }
        == .tilts(.repeatedSection(source: .mdoc(path: two), section: 4)))
    let none = try scratch.write("DataMode = 1\n", to: "c.mdoc")
    #expect(
      failure { _ = try TiltAngles(reading: none) } == .tilts(.none(source: .mdoc(path: none))))
  }
}
