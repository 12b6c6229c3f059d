import Reconstruction

extension Setting {
  /// A number as it was asked for: 1.2, not 1.2000000476837158.
  static func number(_ value: Float) -> Setting {
    .number(Double(value.description) ?? Double(value))
  }
}
