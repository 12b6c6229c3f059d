import Files

/// The notes that SerialEM keeps beside a stack: `[ZValue = n]` sections of `name = value` lines.
public struct Mdoc: Sendable {
  /// One section a page, in the order of ZValue.
  public let sections: [Section]
  /// `PixelSpacing` in nm (the file keeps Å).
  public let pixelSize: Double?
  private let path: String
  private let fingerprint: Fingerprint

  /// One page.
  public struct Section: Hashable, Sendable {
    public let zValue: Int
    /// In degrees.
    public fileprivate(set) var tiltAngle: Double?
    /// In electrons/Å².
    public fileprivate(set) var exposureDose: Double?
    /// What the specimen had been given before this page, in electrons/Å².
    public fileprivate(set) var priorDose: Double?
    /// `DateTime`, in seconds from an arbitrary day.
    public fileprivate(set) var time: Int?
  }

  /// - Throws: ``StackError/tilts(_:)`` where there is no section or one stands there twice.
  public init(reading path: String) throws(StackError) {
    var sections: [Section] = []
    var pixelSize: Double?
    let (text, fingerprint) = try StackIO.text(of: path)
    for line in text.split(whereSeparator: \.isNewline) {
      let isTitle = line.hasPrefix("[")
      let parts = line.split(separator: "=", maxSplits: 1).map {
        $0.filter { !$0.isWhitespace && $0 != "[" && $0 != "]" }
      }
      guard parts.count == 2 else { continue }
      let number = decimalNumber(parts[1])
      switch parts[0] {
      case "ZValue" where isTitle:
        if let z = Int(parts[1]) { sections.append(Section(zValue: z)) }
      case "PixelSpacing":
        pixelSize = pixelSize ?? number.flatMap { plausibleSpacing($0 / 10) }
      case "TiltAngle" where !sections.isEmpty:
        sections[sections.count - 1].tiltAngle = number
      case "ExposureDose" where !sections.isEmpty:
        sections[sections.count - 1].exposureDose = number
      case "PriorRecordDose" where !sections.isEmpty:
        sections[sections.count - 1].priorDose = number
      case "DateTime" where !sections.isEmpty:
        sections[sections.count - 1].time = Self.seconds(line)
      default: break
      }
    }
    guard !sections.isEmpty else { throw .tilts(.none(source: .mdoc(path: path))) }
    sections.sort { $0.zValue < $1.zValue }
    for (a, b) in zip(sections, sections.dropFirst()) where a.zValue == b.zValue {
      throw .tilts(.repeatedSection(source: .mdoc(path: path), section: a.zValue))
    }
    (self.sections, self.pixelSize, self.path) = (sections, pixelSize, path)
    self.fingerprint = fingerprint
  }

  /// The angles of all sections.
  public func tilts() throws(StackError) -> TiltAngles {
    var degrees: [Double] = []
    for section in sections {
      guard let angle = section.tiltAngle else {
        throw .tilts(.missingAngle(source: .mdoc(path: path), section: section.zValue))
      }
      degrees.append(angle)
    }
    var tilts = try TiltAngles(degrees, source: .mdoc(path: path))
    tilts.fingerprint = fingerprint
    return tilts
  }

  /// The doses of all sections in electrons/Å²; `nil` where one is not known.
  public var exposureDoses: [Double]? {
    let doses = sections.compactMap(\.exposureDose).filter { $0 > 0 }
    return doses.count == sections.count ? doses : nil
  }

  /// The place of each page in the order of acquisition, from 1: by the dose before it, or by its
  /// time; `nil` where neither is known and different for every page.
  public var acquisitionOrder: [Int]? {
    for keys in [sections.map(\.priorDose), sections.map { $0.time.map(Double.init) }] {
      let known = keys.compactMap(\.self)
      guard known.count == sections.count, Set(known).count == known.count else { continue }
      var places = Array(repeating: 0, count: known.count)
      for (place, page) in known.indices.sorted(by: { known[$0] < known[$1] }).enumerated() {
        places[page] = place + 1
      }
      return places
    }
    return nil
  }

  /// Reads `DateTime = 21-Apr-15  16:45:01`, the year with two or four digits.
  private static func seconds(_ line: Substring) -> Int? {
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    let words = line.drop { $0 != "=" }.dropFirst().split(whereSeparator: \.isWhitespace)
    guard words.count == 2 else { return nil }
    let (day, clock) = (words[0].split(separator: "-"), words[1].split(separator: ":"))
    let times = clock.compactMap { Int($0) }
    guard day.count == 3, let date = Int(day[0]), 1...31 ~= date,
      let month = months.firstIndex(of: String(day[1])), let year = Int(day[2]), times.count == 3,
      0..<10_000 ~= year, zip(times, [24, 60, 61]).allSatisfy({ 0..<$1 ~= $0 })
    else { return nil }
    // The day's number in the Gregorian calendar, years beginning in March.
    let y = year < 100 ? 2000 + year : year
    let (shifted, m) = (month < 2 ? y - 1 : y, (month + 10) % 12)
    let days =
      365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + (153 * m + 2) / 5 + date
    return ((days * 24 + times[0]) * 60 + times[1]) * 60 + times[2]
  }

  /// The notes of `NAME.mrc.mdoc` or `NAME.mdoc` beside `NAME.mrc`; `nil` where there are none that
  /// can be read.
  static func beside(stack path: String) -> Mdoc? {
    if let notes = try? Mdoc(reading: path + ".mdoc") { return notes }
    guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else { return nil }
    return try? Mdoc(reading: path[..<dot] + ".mdoc")
  }
}
