package import Reconstruction

extension Setting {
  package var value: Double? {
    switch self {
    case .number(let value): value
    case .count(let value): Double(value)
    default: nil
    }
  }

  /// Numbers with spaces between them.
  package var numbers: [Double]? {
    guard case .text(let text) = self else { return nil }
    let words = text.split(separator: " ")
    let numbers = words.compactMap { Double($0) }
    return numbers.count == words.count ? numbers : nil
  }
}
