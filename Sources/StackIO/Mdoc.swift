/// The notes that SerialEM keeps beside a stack: `[ZValue = n]` sections of `name = value` lines.
public struct Mdoc: Sendable {
  /// One section a page, in the order of ZValue.
  public let sections: [Section]
  /// `PixelSpacing` in nm (the file keeps Å).
  public let pixelSize: Double?
  private let path: String

  /// One page.
  public struct Section: Hashable, Sendable {
    public let zValue: Int
    /// In degrees.
    public fileprivate(set) var tiltAngle: Double?
    /// In electrons/Å².
    public fileprivate(set) var exposureDose: Double?
  }

  /// - Throws: ``StackError/tilts(_:)`` where there is no section or one stands there twice.
  public init(reading path: String) throws(StackError) {
    var sections: [Section] = []
    var pixelSize: Double?
    for line in try RawFile.text(at: path).split(whereSeparator: \.isNewline) {
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
      default: break
      }
    }
    guard !sections.isEmpty else { throw .tilts(.none(source: .mdoc(path: path))) }
    sections.sort { $0.zValue < $1.zValue }
    for (a, b) in zip(sections, sections.dropFirst()) where a.zValue == b.zValue {
      throw .tilts(.repeatedSection(source: .mdoc(path: path), section: a.zValue))
    }
    (self.sections, self.pixelSize, self.path) = (sections, pixelSize, path)
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
    return try TiltAngles(degrees, source: .mdoc(path: path))
  }

  /// The doses of all sections in electrons/Å²; `nil` where one is not known.
  public var exposureDoses: [Double]? {
    let doses = sections.compactMap(\.exposureDose).filter { $0 > 0 }
    return doses.count == sections.count ? doses : nil
  }

  /// The notes of `NAME.mrc.mdoc` or `NAME.mdoc` beside `NAME.mrc`; `nil` where there are none that
  /// can be read.
  static func beside(stack path: String) -> Mdoc? {
    if let notes = try? Mdoc(reading: path + ".mdoc") { return notes }
    guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else { return nil }
    return try? Mdoc(reading: path[..<dot] + ".mdoc")
  }
}
