/// What a file that is no table of numbers is, told by how it begins.
package enum ForeignFile: Sendable, Hashable, CaseIterable {
  case emsa, json, markup, wideText, tiff, archive, excel, hdf5, numpy, digitalMicrograph, tia, pdf

  /// `nil` for what may be a table.
  init?(_ bytes: [UInt8]) {
    let start = bytes.prefix(4096)
    for (kind, signature) in Self.signatures where start.starts(with: signature) {
      self = kind
      return
    }
    let text = String(decoding: start, as: UTF8.self).drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    let line = text.prefix { !$0.isNewline }.lowercased()
    if line.hasPrefix("#format"), line.contains("emsa") || line.contains("mas spectral") {
      self = .emsa
    } else if line.hasPrefix("{") || line.hasPrefix("[") {
      self = .json
    } else if line.hasPrefix("<") {
      self = .markup
    } else {
      return nil
    }
  }

  private static let signatures: [(ForeignFile, [UInt8])] = [
    (.wideText, [0xFF, 0xFE]), (.wideText, [0xFE, 0xFF]), (.tiff, [0x49, 0x49, 0x2A, 0]),
    (.tiff, [0x4D, 0x4D, 0, 0x2A]), (.tiff, [0x49, 0x49, 0x2B, 0]), (.tiff, [0x4D, 0x4D, 0, 0x2B]),
    (.archive, [0x50, 0x4B, 3, 4]), (.archive, [0x1F, 0x8B]), (.excel, [0xD0, 0xCF, 0x11, 0xE0]),
    (.hdf5, [0x89, 0x48, 0x44, 0x46]), (.numpy, [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]),
    (.digitalMicrograph, [0, 0, 0, 3]), (.digitalMicrograph, [0, 0, 0, 4]),
    (.tia, [0x49, 0x49, 0x97, 1]), (.pdf, [0x25, 0x50, 0x44, 0x46]),
  ]

  /// What it is, and what to do about it.
  var words: String {
    switch self {
    case .emsa: "an EMSA/MAS spectrum, which is not read. Export it as CSV: energy_eV,counts."
    case .json: "JSON, not a table of numbers. Give a CSV file."
    case .markup: "XML or HTML, not a table of numbers. Give a CSV file."
    case .wideText: "UTF-16 text. Save it as UTF-8."
    case .tiff: "a TIFF image, not a table of numbers. Give a CSV file, or end its name in .tif."
    case .archive:
      "a zip or gzip archive, or an Excel workbook. Unpack it, or export the table as CSV."
    case .excel: "an Excel workbook, which is not read. Export the table as CSV."
    case .hdf5: "HDF5, which is not read. Export the table as CSV."
    case .numpy: "a NumPy array, which is not read. Save it as CSV, with numpy.savetxt."
    case .digitalMicrograph:
      "a Digital Micrograph file, which is not read. Export the table as CSV."
    case .tia: "a TIA series, which is not read. Export the table as CSV."
    case .pdf: "PDF, not a table of numbers. Give a CSV file."
    }
  }
}
