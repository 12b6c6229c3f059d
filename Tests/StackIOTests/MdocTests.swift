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

  @Test("the order of acquisition follows the dose before each page, else its time")
  func order() throws {
    let scratch = try Scratch()
    func section(_ z: Int, _ lines: String) -> String { "[ZValue = \(z)]\n\(lines)\n" }
    let doses = try scratch.write(
      section(0, "PriorRecordDose = 5") + section(1, "PriorRecordDose = 0")
        + section(2, "PriorRecordDose = 2.5"), to: "doses.mdoc")
    #expect(try Mdoc(reading: doses).acquisitionOrder == [3, 1, 2])
    // Over a leap day, a month and a year; the doses are all the same and tell nothing.
    let times = [
      "01-Mar-2024  00:00:01", "29-Feb-24  23:59:59", "01-Jan-25  00:00:00", "31-Dec-24  23:59:59",
    ]
    let timed = try scratch.write(
      times.enumerated().map { section($0, "PriorRecordDose = 0\nDateTime = \($1)") }.joined(),
      to: "times.mdoc")
    #expect(try Mdoc(reading: timed).acquisitionOrder == [2, 1, 4, 3])
    for line in [
      "DateTime = soon", "DateTime = 31-Foo-24  10:00:00", "DateTime = 31-Dec-24  10:99:00",
    ] {
      let bad = try scratch.write(section(0, line), to: "bad.mdoc")
      #expect(try Mdoc(reading: bad).acquisitionOrder == nil, "\(line)")
    }
  }
}
