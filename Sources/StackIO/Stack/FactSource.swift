/// Where a fact about a stack stands.
package enum FactSource: Hashable, Sendable, CustomStringConvertible {
  /// The fixed part of an MRC header.
  case header
  /// What follows it, page by page.
  case extendedHeader
  /// A label of an MRC file, such as SerialEM's title.
  case label
  /// ImageJ's notes in a TIFF.
  case imageJ
  /// tifffile's JSON in a TIFF.
  case shapeNotes
  case omeXML
  /// Pixels per centimetre or inch.
  case resolutionTags
  /// SerialEM's notes beside the stack.
  case mdoc(path: String)
  /// A sidecar.
  case record(path: String)

  package var description: String {
    switch self {
    case .header: "the header"
    case .extendedHeader: "the extended header"
    case .label: "a label of the header"
    case .imageJ: "ImageJ's notes"
    case .shapeNotes: "tifffile's notes (shape)"
    case .omeXML: "the OME-XML"
    case .resolutionTags: "the resolution tags"
    case .mdoc(let path), .record(let path): "'\(path)'"
    }
  }
}

/// A fact, and where it stands.
package struct Told<Value: Sendable & Hashable>: Sendable, Hashable {
  package let value: Value
  package let source: FactSource

  package init(_ value: Value, _ source: FactSource) { (self.value, self.source) = (value, source) }
}
