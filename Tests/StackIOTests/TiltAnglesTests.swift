import Files
import StackIO
import Testing

@Suite("TiltAngles")
struct TiltAnglesTests {
  private func fault(_ body: () throws -> Void) -> TiltFault? {
    if case .tilts(let fault)? = failure(body) { fault } else { nil }
  }

  @Test("a text file holds one angle a line, with comments and blank lines")
  func file() throws {
    let scratch = try Scratch()
    let path = try scratch.write(
      "\u{FEFF}# tilts\r\n -60.5\r\n\r\n0 # flat\r\n+60.5e0\r\n", to: "a.rawtlt")
    let tilts = try TiltAngles(reading: path)
    #expect(tilts.degrees == [-60.5, 0, 60.5])
    #expect(tilts.source == .file(path: path) && tilts.notes.isEmpty)
  }

  @Test("lines that are no single number are named")
  func lines() throws {
    let scratch = try Scratch()
    let word = try scratch.write("1\n\nlast\n", to: "a.tlt")
    #expect(
      fault { _ = try TiltAngles(reading: word) }
        == .notANumber(source: .file(path: word), line: 3, text: "last"))
    let comma = try scratch.write("1,5\n", to: "b.tlt")
    #expect(
      fault { _ = try TiltAngles(reading: comma) }
        == .severalColumns(source: .file(path: comma), line: 1, text: "1,5"))
    let columns = try scratch.write("0\n1   2.5\n", to: "c.txt")
    #expect(
      fault { _ = try TiltAngles(reading: columns) }
        == .severalColumns(source: .file(path: columns), line: 2, text: "1 2.5"))
    let infinite = try scratch.write("0\nnan\n", to: "d.txt")
    #expect(
      fault { _ = try TiltAngles(reading: infinite) }
        == .notANumber(source: .file(path: infinite), line: 2, text: "nan"))
    let hexadecimal = try scratch.write("0x10\n", to: "f.txt")
    #expect(
      fault { _ = try TiltAngles(reading: hexadecimal) }
        == .notANumber(source: .file(path: hexadecimal), line: 1, text: "0x10"))
    let blank = try scratch.write("# none\n", to: "e.txt")
    #expect(
      fault { _ = try TiltAngles(reading: blank) } == TiltFault.none(source: .file(path: blank)))
    let gone = scratch.path("gone.tlt")
    #expect(failure { _ = try TiltAngles(reading: gone) } == .file(.missing(path: gone)))
  }

  @Test("a stack gives the angles of its header, or none by name")
  func stacks() throws {
    #expect(try TiltAngles(reading: golden("fei-old.mrc")).degrees == [-60.5, 0, 60.5])
    let plain = golden("nonfinite.mrc")
    #expect(
      fault { _ = try TiltAngles(reading: plain) } == TiltFault.none(source: .header(path: plain)))
  }

  @Test("a range goes from start to stop, stop included, whatever the sign of its step")
  func range() throws {
    #expect(try TiltAngles(range: "-4:4:2").degrees == [-4, -2, 0, 2, 4])
    #expect(try TiltAngles(range: "4:-4:2").degrees == [4, 2, 0, -2, -4])
    #expect(try TiltAngles(range: "4:-4:-2").degrees == [4, 2, 0, -2, -4])
    #expect(try TiltAngles(range: "2:3.2:0.3").degrees == [2, 2.3, 2.6, 2.9, 3.2])
    #expect(try TiltAngles(range: "-70:70:2").degrees.count == 71)
    #expect(try TiltAngles(range: "5:5:1").degrees == [5])
  }

  @Test("a range that misses its stop says what the count would be")
  func missedStop() {
    #expect(
      fault { _ = try TiltAngles(range: "-70:70:3") }
        == .rangeMissesStop("-70:70:3", count: 47, last: 68))
    for text in ["-70:70", "a:b:c", "1:2:0", "1:2:3:4", "", "1:nan:2", "0:inf:1"] {
      #expect(fault { _ = try TiltAngles(range: text) } == .badRange(text))
    }
    #expect(fault { _ = try TiltAngles(range: "0:90:1e-9") } == .rangeTooLong("0:90:1e-9"))
  }

  @Test("radians and angles beyond ±180° are refused")
  func impossible() {
    let source = TiltSource.range("test")
    let radians = (-6...6).map { Double($0) * 0.2 }
    #expect(
      fault { _ = try TiltAngles(radians, source: source) }
        == .radians(source: source, largest: 1.2000000000000002))
    #expect(
      fault { _ = try TiltAngles([0, 200], source: source) }
        == .outOfRange(source: source, index: 2, degrees: 200))
    #expect(
      fault { _ = try TiltAngles([-1, -0.5, 0, 0.5, 1], source: source) } == nil,
      "five angles can be a small range")
  }

  @Test("equal and unordered angles are noted and kept")
  func notes() throws {
    let tilts = try TiltAngles([0, 3, -3, 6, 0.00005], source: .range("test"))
    #expect(tilts.degrees == [0, 3, -3, 6, 0.00005])
    #expect(tilts.notes == [.equal(first: 1, second: 5, degrees: 0), .unsorted(index: 3)])
    #expect(try TiltAngles(range: "60:-60:3").notes.isEmpty)
  }

  @Test("one angle a page, no other count")
  func count() throws {
    let tilts = try TiltAngles(range: "-4:4:2")
    try tilts.checked(pages: 5)
    #expect(
      fault { try tilts.checked(pages: 4) }
        == .wrongCount(source: .range("-4:4:2"), angles: 5, pages: 4))
  }

  @Test("Lists that cannot be those of a series are refused: equal, or padded")
  func constants() throws {
    let source = TiltSource.file(path: "a.tlt")
    func fault(_ degrees: [Double]) -> StackError? {
      failure { _ = try TiltAngles(degrees, source: source) }
    }
    #expect(
      fault(Array(repeating: -0.0, count: 21))
        == .tilts(.allEqual(source: source, count: 21, degrees: 0)))
    #expect(
      fault([12.5, 12.50001]) == .tilts(.allEqual(source: source, count: 2, degrees: 12.5)))
    #expect(
      fault([-60, -30, 0, 0, 0])
        == .tilts(.padded(source: source, equal: 3, count: 5, degrees: 0)))
    // One page, two pages at 0°, and several pages at every tilt are series.
    for degrees: [Double] in [[0], [-6, 0, 0, 6], [-10, -10, -10, 0, 0, 0, 10, 10, 10]] {
      #expect(fault(degrees) == nil)
    }
  }

  @Test("Two lists agree within a tenth of a degree, or the first page that does not is named")
  func agreement() throws {
    let (one, other) = (TiltSource.file(path: "a.tlt"), TiltSource.mdoc(path: "s.mdoc"))
    let first = try TiltAngles([-60, 0, 60], source: one)
    try first.checked(against: TiltAngles([-60.05, 0.04, 60], source: other))
    #expect(
      failure { try first.checked(against: TiltAngles([-60.2, 0, 61], source: other)) }
        == .tilts(
          .disagree(source: one, other: other, page: 3, degrees: 60, otherDegrees: 61)))
  }
}
