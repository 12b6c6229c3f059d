/// What lies beyond the ends of a field that is blurred.
public enum Ends: String, Sendable, Codable, CaseIterable {
  /// Nothing: what is blurred out of the field is lost, and nothing comes in.
  case zero
  /// The field again: what leaves at one end comes in at the other.
  case periodic
  /// Its mirror image, whose first sample beyond the end equals the last one before it.
  case reflecting
}
