import ArgumentParser
import Records
import StackIO

/// `voxtilt info`
struct Info: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Tell what a stack holds, from its headers.",
    discussion: """
      EXAMPLES
        voxtilt info series.mrc
        voxtilt info volume.tif --json
      """)

  @Argument(help: "A TIFF or MRC stack.") var stack: String
  @Flag(help: "Print one JSON object.") var json = false

  func run() throws {
    var facts = StackFacts(try StackReader(path: stack).info)
    let record = sidecarPath(of: stack)
    if let earlier = EarlierRecord(at: record),
      earlier.output.map({ canonical($0.path) == canonical(stack) }) == true
    {
      facts.warnings = [EarlierRecord.mismatchWords(earlier.mismatches, record: record)]
        .compactMap(\.self)
    }
    for warning in facts.warnings { Terminal.say("warning: \(warning)") }
    guard !json else { return try Terminal.printJSON(facts) }
    print(
      """
      \(facts.path)
      format       \(facts.format), \(facts.sampleType), \(facts.compression), \(facts.byteOrder)
      size         \(facts.columns) columns × \(facts.rows) rows × \(facts.pages) pages, \
      \(facts.bytes) bytes
      pixel        \(facts.pixelSize.map { "\(Terminal.short($0)) nm" } ?? "size not known")
      tilts        \(facts.tiltsInWords)
      """)
  }
}

private struct StackFacts: Encodable {
  let path: String
  let format: String
  let sampleType: String
  let compression: String
  let byteOrder: String
  let columns: Int
  let rows: Int
  let pages: Int
  let bytes: Int
  let pixelSize: Double?
  let pageSpacing: Double?
  let tilts: [Double]?
  let dosePerTilt: [Double]?
  /// What contradicts itself.
  var warnings: [String] = []

  init(_ info: StackInfo) {
    (path, format, bytes) = (info.path, info.format.rawValue, info.byteCount)
    sampleType = info.sampleType.rawValue
    (compression, byteOrder) = (info.compression.rawValue, info.byteOrder.rawValue)
    (columns, rows) = (info.shape.columnCount, info.shape.rowCount)
    pages = info.shape.pageCount
    (pixelSize, pageSpacing) = (info.pixelSize, info.pageSpacing)
    (tilts, dosePerTilt) = (info.tilts?.degrees, info.exposureDoses)
  }

  var tiltsInWords: String {
    guard let tilts, let low = tilts.min(), let high = tilts.max() else { return "not in the file" }
    return "\(tilts.count), \(Terminal.short(low))° to \(Terminal.short(high))°"
  }

  enum CodingKeys: String, CodingKey {
    case path, format, sampleType, compression, byteOrder, columns, rows, pages, bytes, pixelSize
    case pageSpacing, tilts, dosePerTilt, warnings
  }

  func encode(to encoder: any Encoder) throws {
    var keys = encoder.container(keyedBy: CodingKeys.self)
    try keys.encode(path, forKey: .path)
    try keys.encode(format, forKey: .format)
    try keys.encode(sampleType, forKey: .sampleType)
    try keys.encode(compression, forKey: .compression)
    try keys.encode(byteOrder, forKey: .byteOrder)
    try keys.encode(columns, forKey: .columns)
    try keys.encode(rows, forKey: .rows)
    try keys.encode(pages, forKey: .pages)
    try keys.encode(bytes, forKey: .bytes)
    try keys.encode(pixelSize, forKey: .pixelSize)
    try keys.encode(pageSpacing, forKey: .pageSpacing)
    try keys.encode(tilts, forKey: .tilts)
    try keys.encode(dosePerTilt, forKey: .dosePerTilt)
    try keys.encode(warnings, forKey: .warnings)
  }
}
