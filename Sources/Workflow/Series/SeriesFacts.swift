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
      for other in told { noteDifference(angles, other) }
    } else if case .record = angles.source {
      taken.append("\(angles.degrees.count) tilts")
    } else if case .file(let path) = angles.source {
      warnings.append("The tilts are taken from '\(path)', beside the series.")
    }
    return angles
  }

  private mutating func noteDifference(_ angles: TiltAngles, _ other: TiltAngles) {
    guard other.degrees.count == angles.degrees.count, let page = angles.farthest(from: other),
      abs(angles.degrees[page] - other.degrees[page]) > 0.1
    else { return }
    warnings.append(
      """
      \(other.source) tells other angles: \(short(other.degrees[page]))° for page \(page + 1), where \
      \(short(angles.degrees[page]))° is used as given.
      """)
  }

  /// The way that an axis so many degrees from vertical runs most nearly.
  static func axis(of degrees: Double) -> TiltAxis { abs(remainder(degrees, 180)) <= 45 ? .y : .x }

  /// Which way the axis runs, and by how much it is turned from there, counter-clockwise.
  mutating func axis() -> (TiltAxis, turn: Double) {
    let angle = info.axisAngle.map { remainder($0.value, 180) }
    let told = record?.axis ?? angle.map { Self.axis(of: $0) }
    let axis = options.axis ?? told ?? .y
    if let told, let given = options.axis, told != given {
      let source = record.map { "'\($0.file.path)'" } ?? info.axisAngle.map { "\($0.source)" } ?? ""
      let degrees = record == nil ? info.axisAngle.map { " (\(short($0.value))° from vertical)" } : nil
      warnings.append(
        "The tilt axis is taken along \(given.rawValue) as given; \(source) tells \(told.rawValue)\(degrees ?? "").")
    }
    if record != nil {
      if options.axis == nil, axis == .x { taken.append("the tilt axis along x") }
      return (axis, 0)
    }
    guard let angle, let source = info.axisAngle, told == axis else { return (axis, 0) }
    let turn = axis == .y ? angle : remainder(angle - 90, 180)
    if options.axis == nil || abs(turn) > 0.5 {
      let rest =
        abs(turn) > 0.5
        ? ", and is turned by \(short(turn))° from there. 'align' can turn it back" : ""
      warnings.append(
        """
        The tilt axis lies \(short(source.value))° from vertical by \(source.source): it is taken along \
        \(axis.rawValue)\(rest).
        """)
    }
    return (axis, turn)
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
        "Pixels are \(short(size)) nm by the file, and \(short(known)) nm by its sidecar. The file counts.")
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
