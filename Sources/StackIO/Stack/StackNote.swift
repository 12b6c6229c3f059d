/// What a stack, or a file beside it, says that contradicts itself or is not taken as it stands. Reading goes on.
package enum StackNote: Hashable, Sendable, CustomStringConvertible {
  case mrc(MRCNote)
  case tiff(TIFFNote)
  case ome(OMENote)
  case mdoc(path: String, MdocNote)
  /// Distances of columns and of rows in nm.
  case notSquare(column: Double, row: Double)
  /// The direction of the tilt axis is told twice, in degrees from vertical.
  case axisAngles(Told<Double>, Told<Double>)

  package var description: String {
    switch self {
    case .mrc(let note): note.description
    case .tiff(let note): note.description
    case .ome(let note): note.description
    case .mdoc(let path, let note): "'\(path)' \(note.description)"
    case .notSquare(let column, let row):
      "Pixels of \(column) × \(row) nm are taken as squares of \(column) nm."
    case .axisAngles(let one, let other):
      """
      The tilt axis is \(brief(one.value))° from vertical by \(one.source) and \(brief(other.value))° by \
      \(other.source). The first is used.
      """
    }
  }
}

/// A number for people: six digits.
func brief(_ value: Double) -> String {
  guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
  let scale = abs(value) >= 1000 ? 1e3 : 1e6
  let rounded = (value * scale).rounded() / scale
  return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
}

extension FactSource {
  /// At the beginning of a sentence.
  var sentence: String {
    let words = description
    return words.hasPrefix("tifffile") ? words : words.prefix(1).uppercased() + words.dropFirst()
  }
}
