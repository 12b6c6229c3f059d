package import Fields
import Files
import Foundation
package import StackIO

/// Chooses between what the user says and what files tell of a series, and says what was taken from where.
package struct SeriesFacts {
  private let told: ToldSeries
  private let options: SeriesSource.Options
  private(set) var warnings: [String] = []
  /// Whether anything was taken from the sidecar.
  private(set) var isRecordUsed = false
  /// What was taken from there that changes the result, in words.
  private var taken: [String] = []

  package init(_ told: ToldSeries, _ options: SeriesSource.Options) {
    (self.told, self.options) = (told, options)
  }

  private mutating func take<Value>(_ fact: Told<Value>?, _ words: (Value) -> String?) -> Value? {
    guard let fact else { return nil }
    if case .record = fact.source {
      isRecordUsed = true
      if let words = words(fact.value) { taken.append(words) }
    }
    return fact.value
  }

  /// - Throws: `StackError` where two files tell different angles or none fit the pages; ``SeriesError`` where there
  ///   is none, or channels stand among the pages.
  package mutating func angles() throws -> TiltAngles {
    let info = told.info
    guard let angles = try options.tilts ?? told.tilts() else {
      throw SeriesError.noTilts(path: info.path)
    }
    if let stack = info.hyperstack, stack.channelCount > 1,
      stack.channelCount < info.shape.pageCount,
      angles.degrees.count != info.shape.pageCount
    {
      throw SeriesError.channels(
        path: info.path, channels: stack.channelCount,
        pages: info.shape.pageCount / stack.channelCount)
    }
    try angles.checked(pages: info.shape.pageCount)
    warnings += angles.notes.map { "\($0)" }
    warnings += info.tiltFaults.map { "Not used: \($0)" } + [told.recordFault].compactMap(\.self)
    if options.tilts != nil {
      for other in told.allTilts { noteDifference(angles.degrees, other) }
    } else if case .record = angles.source {
      isRecordUsed = true
      taken.append("\(angles.degrees.count) tilts")
    } else if case .file(let path) = angles.source {
      warnings.append("The tilts are taken from '\(path)', next to the series.")
    }
    return angles
  }

  /// A sidecar tells angles as they were used, flips included.
  private mutating func noteDifference(_ degrees: [Double], _ other: TiltAngles) {
    var used = degrees
    if case .record = other.source, options.flipsTilts { used = degrees.map { -$0 } }
    guard let difference = other.difference(from: used) else { return }
    warnings.append(
      """
      \(other.source) has other angles: \(short(difference.own))° for page \(difference.page), where \
      the given \(short(difference.other))° is used.
      """)
  }

  /// Which way the axis runs, and its degrees from vertical where they fit that.
  package mutating func axis() -> (TiltAxis, angle: Double?) {
    let known = told.axis
    guard let axis = options.axis ?? take(known, { $0 == .x ? "the tilt axis along x" : nil })
    else {
      return (.y, nil)
    }
    if let known, known.value != axis {
      let degrees = told.axisAngle.map { " (\(short($0.value))° from vertical)" } ?? ""
      warnings.append(
        """
        The tilt axis is taken along \(axis.rawValue) as given; \(known.source) has \
        \(known.value.rawValue)\(degrees).
        """)
      return (axis, nil)
    }
    guard let angle = told.axisAngle, take(angle, { _ in nil }) != nil else { return (axis, nil) }
    let turn = ToldSeries.turn(angle.value, from: axis)
    if abs(turn) > 0.5 || told.record == nil && options.axis == nil {
      let rest =
        abs(turn) > 0.5
        ? ", and is rotated by \(short(turn))° from it; 'align' can correct this" : ""
      warnings.append(
        """
        The tilt axis is \(short(angle.value))° from vertical by \(angle.source): it is taken along \
        \(axis.rawValue)\(rest).
        """)
    }
    return (axis, angle.value)
  }

  /// - Parameter axis: that is used; an offset across another one means nothing.
  package mutating func axisOffset(_ axis: TiltAxis) -> Double {
    if let given = options.axisOffset {
      if let known = told.axisOffset, abs(known.value - given) > 1e-3 {
        warnings.append(
          "The axis offset is \(short(given)) pixels as given; \(known.source) has \(short(known.value))."
        )
      }
      return given
    }
    guard told.record?.axis == axis else { return 0 }
    return take(told.axisOffset) { $0 == 0 ? nil : "the axis offset of \(short($0)) pixels" } ?? 0
  }

  package mutating func pixelSize() -> Double? {
    if options.pixelSize == nil, let size = told.info.pixelSize, let known = told.record?.pixelSize,
      abs(size - known) > 0.01 * size
    {
      warnings.append(
        """
        Pixels are \(short(size)) nm by the file, and \(short(known)) nm by its sidecar. The file is used.
        """)
    }
    if let given = options.pixelSize, let known = told.pixelSize,
      abs(known.value - given) > 0.01 * given
    {
      warnings.append(
        "Pixels are \(short(given)) nm as given; \(known.source) has \(short(known.value)).")
    }
    return options.pixelSize ?? take(told.pixelSize) { "pixels of \(short($0)) nm" }
  }

  package mutating func tiltWeights() -> [Double]? { take(told.tiltWeights) { _ in nil } }

  package mutating func dose() -> Sidecar.Dose? { take(told.dose) { _ in nil } }

  /// What was taken from the sidecar, in words.
  package var account: String? {
    guard let record = told.record, !taken.isEmpty else { return nil }
    return "Taken from '\(record.file.path)': \(taken.joined(separator: ", "))."
  }
}

/// A number for people: four decimals at most.
private func short(_ value: Double) -> String {
  let text = String(format: "%.4f", value)
  return text.contains(".")
    ? String(text.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed()) : text
}
