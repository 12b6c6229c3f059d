import Files

/// The notes that SerialEM keeps beside a stack: `[ZValue = n]` sections of `name = value` lines.
package struct Mdoc: Sendable {
  /// One section per page, in the order of ZValue.
  package let sections: [Section]
  /// `PixelSpacing` in nm (the file keeps Å).
  package let pixelSize: Double?
  /// `ImageSize`.
  let imageSize: (columns: Int, rows: Int)?
  /// Degrees from vertical, of SerialEM's titles.
  package let axisAngles: [Double]
  /// `DataMode`, as in MRC headers.
  let dataMode: Int?
  /// `ImageFile`
  let imageFile: String?
  private let path: String
  let fingerprint: Fingerprint

  /// One page.
  package struct Section: Hashable, Sendable {
    package let zValue: Int
    /// In degrees.
    package fileprivate(set) var tiltAngle: Double?
    /// `TiltAngle` as it stands, where it is no number.
    fileprivate var angleText: String?
    /// In electrons/Å².
    package fileprivate(set) var exposureDose: Double?
    /// What the specimen had been given before this page, in electrons/Å².
    package fileprivate(set) var priorDose: Double?
    /// `DateTime`, in seconds from an arbitrary day.
    package fileprivate(set) var time: Int?
  }

  /// - Throws: ``StackError/tilts(_:)`` where there is no section or one stands there twice, or sections are not
  ///   numbered one after the other.
  package init(reading path: String) throws(StackError) {
    let (text, fingerprint) = try StackIO.text(of: path)
    let source = TiltSource.mdoc(path: path)
    var (sections, pixelSize, axisAngles) = ([Section](), Double?.none, [Double]())
    var (dataMode, imageFile) = (Int?.none, String?.none)
    var (imageSize, otherKey) = ((columns: Int, rows: Int)?.none, String?.none)
    // Sections of other kinds tell nothing of a page.
    var isPage = false
    for line in text.split(whereSeparator: \.isNewline) {
      guard let entry = Entry(line) else { continue }
      let number = entry.words.count == 1 ? decimalNumber(entry.words[0]) : nil
      switch entry.key {
      case "ZValue" where entry.isTitle:
        guard let z = Int32(entry.value) else {
          throw .tilts(.otherSections(source: source, key: "ZValue = \(entry.value)"))
        }
        sections.append(Section(zValue: Int(z)))
        isPage = true
      case "FrameSet" where entry.isTitle, "Image" where entry.isTitle,
        "MontSection" where entry.isTitle:
        otherKey = otherKey ?? entry.key
        isPage = false
      case "T":
        axisAngles += [SerialEMTitle.axisAngle(String(line))].compactMap(\.self)
      case "PixelSpacing":
        pixelSize = pixelSize ?? number.flatMap { plausibleSpacing($0 / 10) }
      case "ImageSize" where sections.isEmpty:
        let sides = entry.words.compactMap { Int($0) }
        if sides.count == 2 { imageSize = (sides[0], sides[1]) }
      case "DataMode" where sections.isEmpty: dataMode = Int(entry.value)
      case "ImageFile" where sections.isEmpty: imageFile = entry.words.joined(separator: " ")
      default:
        if entry.isTitle { isPage = false }
        if isPage { sections[sections.count - 1].take(entry, number) }
      }
    }
    guard !sections.isEmpty else {
      throw .tilts(
        otherKey.map { .otherSections(source: source, key: $0) } ?? .none(source: source))
    }
    sections.sort { $0.zValue < $1.zValue }
    for (a, b) in zip(sections, sections.dropFirst()) where a.zValue == b.zValue {
      throw .tilts(.repeatedSection(source: source, section: a.zValue))
    }
    let (first, last) = (sections[0].zValue, sections[sections.count - 1].zValue)
    guard last - first + 1 == sections.count else {
      throw .tilts(
        .sectionNumbers(source: source, first: first, last: last, count: sections.count))
    }
    (self.sections, self.pixelSize, self.path) = (sections, pixelSize, path)
    (self.imageSize, self.axisAngles, self.fingerprint) = (imageSize, axisAngles, fingerprint)
    (self.dataMode, self.imageFile) = (dataMode, imageFile)
  }

  /// The angles of all sections.
  package func tilts() throws(StackError) -> TiltAngles {
    var degrees: [Double] = []
    for section in sections {
      if let text = section.angleText {
        throw .tilts(
          .unreadableAngle(source: .mdoc(path: path), section: section.zValue, text: text))
      }
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
  package var exposureDoses: [Double]? {
    let doses = sections.compactMap(\.exposureDose).filter { $0 > 0 }
    return doses.count == sections.count ? doses : nil
  }

  /// The place of each page in the order of acquisition, from 1: by the dose before it, or by its
  /// time; `nil` where neither is known and different for every page.
  package var acquisitionOrder: [Int]? {
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

  /// `NAME.mrc.mdoc` and `NAME.mdoc` beside `NAME.mrc`, where they are there.
  static func paths(beside stack: String) -> [String] {
    var names = [stack + ".mdoc"]
    if let dot = stack.lastIndex(of: "."), !stack[dot...].contains("/") {
      names.append(stack[..<dot] + ".mdoc")
    }
    return names.filter { FileStamp(path: $0) != nil }
  }
}

/// `name = value`, or `[name = value]`.
private struct Entry {
  let key: String
  /// Without blanks.
  let value: String
  let words: [Substring]
  let isTitle: Bool

  init?(_ line: Substring) {
    let content = line.drop { $0 == "\u{FEFF}" || $0.isWhitespace }
    isTitle = content.first == "["
    let parts = content.split(separator: "=", maxSplits: 1).map {
      $0.split { $0.isWhitespace || $0 == "[" || $0 == "]" }
    }
    guard parts.count == 2, parts[0].count == 1 else { return nil }
    (key, words, value) = (String(parts[0][0]), parts[1], parts[1].joined())
  }
}

extension Mdoc.Section {
  fileprivate mutating func take(_ entry: Entry, _ number: Double?) {
    switch entry.key {
    case "TiltAngle" where tiltAngle != nil && number != tiltAngle:
      angleText = "\(tiltAngle ?? 0) and \(entry.words.joined(separator: " "))"
    case "TiltAngle":
      (tiltAngle, angleText) = (
        number,
        number == nil && !entry.words.isEmpty ? entry.words.joined(separator: " ") : nil
      )
    case "ExposureDose": exposureDose = number
    case "PriorRecordDose": priorDose = number
    case "DateTime": time = SerialEMTitle.seconds(entry.words)
    default: break
    }
  }
}
