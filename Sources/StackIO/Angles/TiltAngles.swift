package import Files

/// The tilt angles of a series, in the order of its pages.
public struct TiltAngles: Hashable, Sendable {
  /// One angle per page, in degrees, between −180 and 180.
  public let degrees: [Double]
  package let source: TiltSource
  /// What is odd but can be meant: equal angles and angles out of order.
  package let notes: [TiltNote]
  /// Of the file that they were read from; `nil` where they came with the stack or were typed.
  package var fingerprint: Fingerprint?

  static let longestRange = 100_000

  /// - Throws: ``StackError/tilts(_:)`` where there is no angle, one is not between −180 and 180, they look like
  ///   radians (more than five distinct, none above 1.6, not all whole), or they cannot be those of a series: all
  ///   are equal, or one fills more than half of a list of five and more.
  package init(_ degrees: [Double], source: TiltSource) throws(StackError) {
    guard !degrees.isEmpty else { throw .tilts(.none(source: source)) }
    if let index = degrees.firstIndex(where: { !(abs($0) <= 180) }) {
      throw .tilts(.outOfRange(source: source, index: index + 1, degrees: degrees[index]))
    }
    let largest = degrees.reduce(0) { max($0, abs($1)) }
    let areWhole = degrees.allSatisfy { $0 == $0.rounded() }
    if largest <= 1.6, !areWhole, Set(degrees).count > 5 {
      throw .tilts(.radians(source: source, largest: largest))
    }
    try Self.refuseConstant(degrees, source)
    (self.degrees, self.source) = (degrees, source)
    notes = Self.equalTilts(degrees) + Self.turn(degrees)
  }

  /// Room that was filled up has one angle again and again.
  private static func refuseConstant(
    _ degrees: [Double], _ source: TiltSource
  ) throws(StackError) {
    var (counts, most) = ([Double: Int](), degrees[0])
    for angle in degrees.map({ ($0 * 1e4).rounded() / 1e4 + 0 }) {
      counts[angle, default: 0] += 1
      if let count = counts[angle], count > counts[most, default: 0] { most = angle }
    }
    let equal = counts[most, default: 0]
    if degrees.count > 1, equal == degrees.count {
      throw .tilts(.allEqual(source: source, count: equal, degrees: most))
    }
    if degrees.count >= 5, 2 * equal > degrees.count {
      throw .tilts(.padded(source: source, equal: equal, count: degrees.count, degrees: most))
    }
  }

  /// - Throws: ``TiltFault/disagree(source:other:page:degrees:otherDegrees:)`` where another list tells an angle of a
  ///   page that is more than `tolerance` away.
  package func checked(against other: TiltAngles, tolerance: Double = 0.1) throws(StackError) {
    guard let found = difference(from: other.degrees, tolerance: tolerance) else { return }
    throw .tilts(
      .disagree(
        source: source, other: other.source, page: found.page, degrees: found.own,
        otherDegrees: found.other))
  }

  /// Where other angles of the same pages differ the most; the page is counted from 1.
  ///
  /// - Returns: `nil` where none differs by more than `tolerance` degrees, or there are other counts.
  package func difference(
    from other: [Double], tolerance: Double = 0.1
  ) -> (page: Int, own: Double, other: Double)? {
    guard other.count == degrees.count,
      let page = degrees.indices.max(by: {
        abs(degrees[$0] - other[$0]) < abs(degrees[$1] - other[$1])
      }), abs(degrees[page] - other[page]) > tolerance
    else { return nil }
    return (page + 1, degrees[page], other[page])
  }

  /// Reads angles from a text file (one per line in degrees, `#` begins a comment), an `.mdoc` file, or the headers of
  /// a stack and the files beside it.
  ///
  /// - Throws: ``StackError/file(_:)`` if the file cannot be read, ``StackError/tilts(_:)`` if it has no usable angles.
  public init(reading path: String) throws(StackError) {
    let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
    if ending == "mdoc" {
      self = try Mdoc(reading: path).tilts()
    } else if StackFormat(pathExtension: ending) != nil {
      guard let tilts = try StackReader(path: path).info.agreedTilts() else {
        throw .tilts(.none(source: .header(path: path)))
      }
      self = tilts
    } else {
      let source = TiltSource.file(path: path)
      let (text, fingerprint) = try StackIO.text(of: path)
      try self.init(Self.angles(in: text, of: source), source: source)
      self.fingerprint = fingerprint
    }
  }

  /// Makes the angles of `start:stop:step` in degrees, stop included; the step goes from start towards stop
  /// whatever its sign.
  ///
  /// - Throws: ``StackError/tilts(_:)`` if the text is no such range, the step does not divide it, or an angle is outside ±180°.
  public init(range text: String) throws(StackError) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { decimalNumber($0) }
    guard parts.count == 3, numbers.count == 3, numbers[2] != 0 else {
      throw .tilts(.badRange(text))
    }
    let (start, stop) = (numbers[0], numbers[1])
    let step = stop < start ? -abs(numbers[2]) : abs(numbers[2])
    let steps = (stop - start) / step
    guard steps < Double(Self.longestRange) else { throw .tilts(.rangeTooLong(text)) }
    guard abs(steps - steps.rounded()) <= 1e-6 else {
      let last = steps.rounded(.down)
      throw .tilts(
        .rangeMissesStop(text, count: Int(last) + 1, last: Self.tidy(start + last * step)))
    }
    let count = Int(steps.rounded())
    let degrees = (0...count).map { $0 == count ? stop : Self.tidy(start + Double($0) * step) }
    try self.init(degrees, source: .range(text))
  }

  /// - Throws: ``TiltFault/wrongCount(source:angles:pages:)`` unless there is one angle per page.
  package func checked(pages: Int) throws(StackError) {
    guard degrees.count == pages else {
      throw .tilts(.wrongCount(source: source, angles: degrees.count, pages: pages))
    }
  }

  /// Rounds off what adding steps leaves in the twelfth decimal: 0.3, not 0.30000000000000004.
  private static func tidy(_ degrees: Double) -> Double { (degrees * 1e10).rounded() / 1e10 }

  /// Neighbours in size that are closer than 10⁻⁴°.
  private static func equalTilts(_ degrees: [Double]) -> [TiltNote] {
    let order = degrees.indices.sorted { (degrees[$0], $0) < (degrees[$1], $1) }
    return zip(order, order.dropFirst()).compactMap { a, b in
      guard degrees[b] - degrees[a] <= 1e-4 else { return nil }
      return .equal(first: min(a, b) + 1, second: max(a, b) + 1, degrees: degrees[a])
    }
  }

  /// The first angle that goes against the direction of the ones before it.
  private static func turn(_ degrees: [Double]) -> [TiltNote] {
    var direction = 0.0
    for (index, pair) in zip(degrees, degrees.dropFirst()).enumerated() {
      let step = pair.1 - pair.0
      guard abs(step) > 1e-4 else { continue }
      if direction * step < 0 { return [.unsorted(index: index + 2)] }
      direction = step
    }
    return []
  }

  private static func angles(
    in text: String, of source: TiltSource
  ) throws(StackError) -> [Double] {
    var degrees: [Double] = []
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let content = line.prefix { $0 != "#" }.filter { $0 != "\u{FEFF}" }
      let words = content.split(whereSeparator: \.isWhitespace)
      guard let word = words.first else { continue }
      let shown = String(words.joined(separator: " ").prefix(40))
      guard words.count == 1, !word.contains(where: { $0 == "," || $0 == ";" }) else {
        throw .tilts(.severalColumns(source: source, line: index + 1, text: shown))
      }
      guard let angle = decimalNumber(word) else {
        throw .tilts(.notANumber(source: source, line: index + 1, text: shown))
      }
      degrees.append(angle)
    }
    return degrees
  }
}
