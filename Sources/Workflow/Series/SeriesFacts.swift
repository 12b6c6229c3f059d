import Fields
import Files
import Foundation
import StackIO

/// Chooses between what the user, a sidecar, a header and files beside a series say, and says what was taken.
struct SeriesFacts {
  private let info: StackInfo
  private let record: SeriesRecord?
  private let options: SeriesSource.Options
  private(set) var warnings: [String] = []
  /// What was taken from the sidecar, in words.
  private var taken: [String] = []

  init(_ info: StackInfo, _ record: SeriesRecord?, _ options: SeriesSource.Options) {
    (self.info, self.record, self.options) = (info, record, options)
  }

  var isRecordUsed: Bool { record != nil && !taken.isEmpty }

  /// All angles that files tell, those that count most first.
  private var told: [TiltAngles] { [record?.tilts].compactMap(\.self) + info.toldTilts }

  /// - Throws: `StackError` where two files tell different angles or none fit the pages; ``WorkflowError`` where there
  ///   is none, or channels stand among the pages.
  mutating func angles() throws -> TiltAngles {
    if options.tilts == nil, let first = told.first {
      for other in told.dropFirst() { try first.checked(against: other) }
    }
    guard let angles = options.tilts ?? told.first else {
      if let fault = info.tiltFaults.first { throw fault }
      throw WorkflowError.noTilts(path: info.path)
    }
    if let stack = info.hyperstack, stack.channelCount > 1,
      angles.degrees.count != info.shape.pageCount
    {
      throw WorkflowError.channels(
        path: info.path, channels: stack.channelCount,
        pages: info.shape.pageCount / stack.channelCount)
    }
    try angles.checked(pages: info.shape.pageCount)
    warnings += angles.notes.map { "\($0)" }
    warnings += info.tiltFaults.map { "Not used: \($0)" }
    if options.tilts != nil {
      // A sidecar tells angles as they were used.
      for other in told { noteDifference(angles.degrees, other) }
    } else if case .record = angles.source {
      taken.append("\(angles.degrees.count) tilts")
    } else if case .file(let path) = angles.source {
      warnings.append("The tilts are taken from '\(path)', beside the series.")
    }
    return angles
  }

  private mutating func noteDifference(_ degrees: [Double], _ other: TiltAngles) {
    var used = degrees
    if case .record = other.source, options.flipsTilts { used = degrees.map { -$0 } }
    guard other.degrees.count == used.count,
      let page = used.indices.max(by: {
        abs(used[$0] - other.degrees[$0]) < abs(used[$1] - other.degrees[$1])
      }), abs(used[page] - other.degrees[page]) > 0.1
    else { return }
    warnings.append(
      """
      \(other.source) tells other angles: \(short(other.degrees[page]))° for page \(page + 1), where \
      \(short(used[page]))° is used as given.
      """)
  }

  /// The way that an axis so many degrees from vertical runs most nearly.
  static func axis(of degrees: Double) -> TiltAxis { abs(remainder(degrees, 180)) <= 45 ? .y : .x }

  /// How far an axis is turned from the way that it is taken to run, in degrees.
  static func turn(_ degrees: Double, from axis: TiltAxis) -> Double {
    remainder(degrees - (axis == .y ? 0 : 90), 180)
  }

  /// Which way the axis runs, and its degrees from vertical where they fit that.
  mutating func axis() -> (TiltAxis, angle: Double?) {
    let angle =
      record == nil
      ? info.axisAngle
      : record?.axisAngle.map { angle in
        Told(angle, .record(path: record?.file.path ?? ""))
      }
    let told = record?.axis ?? angle.map { Self.axis(of: $0.value) }
    let axis = options.axis ?? told ?? .y
    guard told == axis else {
      if let told {
        let source = record.map { "'\($0.file.path)'" } ?? angle.map { "\($0.source)" } ?? ""
        let degrees = angle.map { " (\(short($0.value))° from vertical)" } ?? ""
        warnings.append(
          "The tilt axis is taken along \(axis.rawValue) as given; \(source) tells \(told.rawValue)\(degrees)."
        )
      }
      return (axis, nil)
    }
    if record != nil, options.axis == nil, axis == .x { taken.append("the tilt axis along x") }
    guard let angle else { return (axis, nil) }
    let turn = Self.turn(angle.value, from: axis)
    if abs(turn) > 0.5 || record == nil && options.axis == nil {
      let rest =
        abs(turn) > 0.5
        ? ", and is turned by \(short(turn))° from there; 'align' can turn it back" : ""
      warnings.append(
        """
        The tilt axis lies \(short(angle.value))° from vertical by \(angle.source): it is taken along \
        \(axis.rawValue)\(rest).
        """)
    }
    return (axis, angle.value)
  }

  mutating func axisOffset() -> Double {
    if let given = options.axisOffset { return given }
    guard let record, record.axisOffset != 0 else { return 0 }
    taken.append("the axis offset of \(short(record.axisOffset)) pixels")
    return record.axisOffset
  }

  /// Closes the account of what was taken.
  mutating func pixelSize() -> Double? {
    var size = options.pixelSize ?? info.pixelSize
    if size == nil, let known = record?.pixelSize {
      taken.append("pixels of \(short(known)) nm")
      size = known
    } else if options.pixelSize == nil, let size, let known = record?.pixelSize,
      abs(size - known) > 0.01 * size
    {
      warnings.append(
        "Pixels are \(short(size)) nm by the file, and \(short(known)) nm by its sidecar. The file counts."
      )
    }
    if let record, !taken.isEmpty {
      warnings.insert("Taken from '\(record.file.path)': \(taken.joined(separator: ", ")).", at: 0)
    }
    return size
  }

  private func short(_ value: Double) -> String {
    let text = String(format: "%.4f", value)
    return text.contains(".")
      ? String(text.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed()) : text
  }
}
