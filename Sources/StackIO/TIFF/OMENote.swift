/// What OME-XML says that does not fit the TIFF.
package enum OMENote: Error, Hashable, Sendable, CustomStringConvertible {
  case unreadable(line: Int)
  /// Images of one file, of which the first is read.
  case images(Int)
  case size(columns: Int, rows: Int)
  case type(String)
  case planeCount(told: Int, found: Int)
  /// A plane that has no page, or shares one with another.
  case planes(String)
  /// The planes are told to lie in a file of another name.
  case otherName(String)
  /// Planes are taken from pages in another order than the file's.
  case reordered

  package var description: String {
    switch self {
    case .unreadable(let line):
      "The OME-XML is damaged at line \(line) and not used: the size of a pixel and the order of pages are unknown."
    case .images(let count): "The OME-XML describes \(count) images; the first is read."
    case .size(let columns, let rows):
      "The OME-XML describes \(columns) × \(rows) pixels, which are not those of the pages. The pages are used."
    case .type(let type):
      "The OME-XML describes samples of type '\(type)', which the pages do not have. The pages are used."
    case .planeCount(let told, let found):
      "The OME-XML describes \(told) planes, and the file has \(found) pages. All pages are read in their order."
    case .planes(let what):
      "The OME-XML contradicts itself: \(what). All pages are read in their order."
    case .otherName(let name):
      "The OME-XML states that the planes are in '\(name)'. Those of this file are read."
    case .reordered:
      "The planes are read in the order of the OME-XML, which is not that of the file."
    }
  }
}
