/// What is wrong with a list of tilt angles. Angles and lines are counted from 1.
public enum TiltFault: Error, Equatable, Sendable, CustomStringConvertible {
  /// There is no angle.
  case none(source: TiltSource)
  /// A line of a text file is not a number.
  case notANumber(source: TiltSource, line: Int, text: String)
  /// A line has more than one number, or a comma.
  case severalColumns(source: TiltSource, line: Int, text: String)
  /// A section of an `.mdoc` file has no angle.
  case missingAngle(source: TiltSource, section: Int)
  /// An `.mdoc` file has two sections for one page.
  case repeatedSection(source: TiltSource, section: Int)
  /// An angle is outside ±180°.
  case outOfRange(source: TiltSource, index: Int, degrees: Double)
  /// All angles are so small that they look like radians.
  case radians(source: TiltSource, largest: Double)
  /// There are more or fewer angles than pages.
  case wrongCount(source: TiltSource, angles: Int, pages: Int)
  /// All angles are the same.
  case allEqual(source: TiltSource, count: Int, degrees: Double)
  /// One angle fills more than half of the list.
  case padded(source: TiltSource, equal: Int, count: Int, degrees: Double)
  /// Two sources give different angles for a page.
  case disagree(
    source: TiltSource, other: TiltSource, page: Int, degrees: Double, otherDegrees: Double)
  /// An `.mdoc` file that describes something other than the pages of a stack.
  case otherSections(source: TiltSource, key: String)
  /// `ZValue` goes beyond the number of sections.
  case sectionNumbers(source: TiltSource, first: Int, last: Int, count: Int)
  /// The angle of a section of an `.mdoc` file is not a number.
  case unreadableAngle(source: TiltSource, section: Int, text: String)
  /// Not of the form `start:stop:step`.
  case badRange(String)
  /// The step does not divide the range: `count` angles would end at `last`.
  case rangeMissesStop(String, count: Int, last: Double)
  /// More than 100 000 angles.
  case rangeTooLong(String)

  public var description: String {
    switch self {
    case .none(let source):
      "\(source) contains no tilt angle. Write one angle per line, in degrees."
    case .notANumber(let source, let line, let text):
      "\(source), line \(line): '\(text)' is not a number. Write one angle per line, in degrees."
    case .severalColumns(let source, let line, let text):
      """
      \(source), line \(line): '\(text)' contains more than one number or a comma. \
      Write one angle per line, in degrees, with a decimal point.
      """
    case .missingAngle(let source, let section):
      "\(source): section [ZValue = \(section)] has no TiltAngle. Add it, or pass the angles."
    case .unreadableAngle(let source, let section, let text):
      """
      \(source): the TiltAngle of section [ZValue = \(section)] is '\(text)', which is not a number. \
      \(text.contains(",") ? "Write a decimal point in place of the comma." : "Write it in degrees.")
      """
    case .allEqual(let source, let count, let degrees):
      """
      \(source): all \(count) angles are equal (\(brief(degrees))°), so they cannot be those of a tilt series. \
      Pass the angles of this stack.
      """
    case .padded(let source, let equal, let count, let degrees):
      """
      \(source): \(equal) of \(count) angles are equal (\(brief(degrees))°), so they cannot be those of a tilt series. \
      Pass the angles of this stack.
      """
    case .disagree(let source, let other, let page, let degrees, let otherDegrees):
      """
      \(source) and \(other.inSentence) contradict each other: page \(page) is at \(brief(degrees))° and at \
      \(brief(otherDegrees))°. Remove the wrong one, or pass the right angles with --tilts.
      """
    case .otherSections(let source, let key):
      """
      \(source) describes [\(key)] sections, not the pages of a stack ([ZValue = n]). \
      Pass the angles of this stack with --tilts.
      """
    case .sectionNumbers(let source, let first, let last, let count):
      """
      \(source): \(count) sections are numbered from \(first) to \(last) (ZValue), so pages are missing or were \
      removed. Number them consecutively, or pass the angles with --tilts.
      """
    case .repeatedSection(let source, let section):
      "\(source): section [ZValue = \(section)] is there twice. Remove one."
    case .outOfRange(let source, let index, let degrees):
      "\(source): angle \(index) is \(degrees)°, outside ±180°. Correct it."
    case .radians(let source, let largest):
      """
      \(source): no angle is larger than \(largest), so they look like radians. \
      Write them in degrees.
      """
    case .wrongCount(let source, let angles, let pages):
      """
      \(source) has \(angles) \(source.isMdoc ? "sections with tilt angles" : "tilt angles") and the stack \
      \(pages) pages. \
      Pass the angles that belong to this stack.
      """
    case .badRange(let text):
      "'\(text)' is not start:stop:step in degrees. Write, for example, -70:70:2."
    case .rangeMissesStop(let text, let count, let last):
      """
      '\(text)' does not reach its stop: \(count) angles would end at \(last)°. \
      Choose a step that divides the range.
      """
    case .rangeTooLong(let text):
      "'\(text)' makes more than \(TiltAngles.longestRange) angles. Choose a larger step."
    }
  }
}

/// Where tilt angles came from.
public enum TiltSource: Hashable, Sendable, CustomStringConvertible {
  /// A text file with one angle per line.
  case file(path: String)
  /// A SerialEM `.mdoc` file.
  case mdoc(path: String)
  /// The headers of a stack, such as the extended header of an MRC file.
  case header(path: String)
  /// First angle and step in IMOD's part of an MRC header.
  case imodFields(path: String)
  /// The sidecar of a stack that Voxtilt wrote.
  case record(path: String)
  /// A text of the form `start:stop:step`.
  case range(String)

  public var description: String {
    switch self {
    case .file(let path), .mdoc(let path), .record(let path): "'\(path)'"
    case .header(let path): "The header of '\(path)'"
    case .imodFields(let path): "IMOD's first angle and step (idtype) in the header of '\(path)'"
    case .range(let text): "'\(text)'"
    }
  }
}

extension TiltSource {
  fileprivate var isMdoc: Bool {
    if case .mdoc = self { true } else { false }
  }

  /// Within a sentence.
  package var inSentence: String {
    if case .header(let path) = self { "the header of '\(path)'" } else { description }
  }
}

/// Something odd in a list of tilt angles that can be meant. Angles are counted from 1.
package enum TiltNote: Hashable, Sendable, CustomStringConvertible {
  case equal(first: Int, second: Int, degrees: Double)
  case unsorted(index: Int)

  package var description: String {
    switch self {
    case .equal(let first, let second, let degrees):
      "Tilts \(first) and \(second) are both \(degrees)°."
    case .unsorted(let index):
      "The tilts are not in order: angle \(index) turns back. Page and angle keep their order."
    }
  }
}
