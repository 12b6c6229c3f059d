import Foundation
#if canImport(FoundationXML)
  import FoundationXML
#endif

/// What OME-XML in a TIFF says of its first image.
///
/// Source: the OME data model, schema of June 2016: `Pixels`, `TiffData` and `UUID`.
struct OMEDescription {
  /// Planes from one place of the dimension order on, and the pages that they lie on.
  struct Block {
    var page: Int?
    var first: [Hyperstack.Axis: Int] = [:]
    var planeCount: Int?
    var uuid: String?
    var fileName: String?
  }

  fileprivate(set) var pixels: [String: String]
  fileprivate(set) var blocks: [Block] = []
  fileprivate(set) var imageCount = 1
  fileprivate(set) var uuid: String?
  /// Where the image is told, where this file has its pixels only.
  fileprivate(set) var binaryFile: String?

  /// Whether text is OME-XML, with a prefix or without.
  static func begins(_ text: String) -> Bool {
    text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }.first == "<"
      && (text.contains("<OME") || text.contains(":OME "))
  }

  /// - Throws: ``OMENote/unreadable(line:)``
  init(_ text: String) throws(OMENote) {
    let parser = XMLParser(data: Data(text.utf8))
    parser.shouldProcessNamespaces = true
    let reader = OMEReader()
    parser.delegate = reader
    let isWhole = parser.parse() && parser.parserError == nil && reader.faultLine == nil
    guard isWhole, let found = reader.found else {
      throw .unreadable(line: max(1, reader.faultLine ?? parser.lineNumber))
    }
    self = found
  }

  fileprivate init(pixels: [String: String]) { self.pixels = pixels }

  private func count(_ name: String) -> Int? { pixels[name].flatMap { Int($0) } }

  /// Sizes of c, z and t in the order of `DimensionOrder`.
  var hyperstack: Hyperstack? {
    let order = (pixels["DimensionOrder"] ?? "XYCZT").dropFirst(2).compactMap {
      Hyperstack.Axis(rawValue: $0)
    }
    guard Set(order).count == 3 else { return nil }
    return Hyperstack(
      channels: count("SizeC") ?? 1, slices: count("SizeZ") ?? 1, frames: count("SizeT") ?? 1,
      order: order, source: .omeXML)
  }

  var spacing: StackSpacing {
    func size(_ axis: String) -> Double? {
      guard let value = pixels["PhysicalSize\(axis)"].flatMap({ Double($0) }),
        let unit = nanometres(in: pixels["PhysicalSize\(axis)Unit"] ?? "µm")
      else { return nil }
      return plausibleSpacing(value * unit)
    }
    return StackSpacing(column: size("X"), row: size("Y"), page: size("Z"))
  }

  /// What does not fit the pages.
  func notes(_ facts: TIFFDirectory) -> [OMENote] {
    var notes: [OMENote] = imageCount > 1 ? [.images(imageCount)] : []
    if let columns = count("SizeX"), let rows = count("SizeY"),
      columns != facts.columnCount || rows != facts.rowCount
    {
      notes.append(.size(columns: columns, rows: rows))
    }
    let types = [
      "float": "float32", "double": "float64", "half": "float16", "complex": "", "bit": "",
    ]
    if let type = pixels["Type"], (types[type] ?? type) != facts.sampleType.rawValue {
      notes.append(.type(type))
    }
    return notes
  }
}

/// Collects what ``OMEDescription`` tells; of several images the first.
private final class OMEReader: NSObject, XMLParserDelegate {
  var found: OMEDescription?
  /// Where the text is no XML.
  var faultLine: Int?
  private var root: String?
  private var isFirst = true
  private var block: OMEDescription.Block?
  private var text = ""

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    text = ""
    switch name {
    case "OME": root = attributes["UUID"]
    case "BinaryOnly" where found == nil:
      found = OMEDescription(pixels: [:])
      found?.binaryFile = attributes["MetadataFile"] ?? "another file"
    case "Pixels":
      if found == nil {
        found = OMEDescription(pixels: attributes)
        found?.uuid = root
      } else {
        found?.imageCount += 1
        isFirst = false
      }
    case "TiffData" where isFirst:
      var block = OMEDescription.Block()
      block.page = attributes["IFD"].flatMap { Int($0) }
      block.planeCount = attributes["PlaneCount"].flatMap { Int($0) }
      for axis in Hyperstack.Axis.allCases {
        block.first[axis] = attributes["First\(axis.rawValue)"].flatMap { Int($0) }
      }
      self.block = block
    case "UUID": block?.fileName = attributes["FileName"]
    default: break
    }
  }

  func parser(_ parser: XMLParser, parseErrorOccurred error: any Error) {
    faultLine = faultLine ?? parser.lineNumber
  }

  func parser(_ parser: XMLParser, foundCharacters characters: String) { text += characters }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    switch name {
    case "UUID": block?.uuid = text.trimmingCharacters(in: .whitespacesAndNewlines)
    case "TiffData":
      if let block { found?.blocks.append(block) }
      block = nil
    default: break
    }
  }
}
