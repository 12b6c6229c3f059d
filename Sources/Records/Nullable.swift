/// A value that is written as `null` where it is not known, not left out; where its key is missing, it reads as unknown.
@propertyWrapper
public struct Nullable<Value> {
  /// The value, or `nil` where it is not known.
  public var wrappedValue: Value?

  /// Takes the value that the property is given.
  public init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }
}

extension Nullable: Sendable where Value: Sendable {}
extension Nullable: Equatable where Value: Equatable {}
extension Nullable: Hashable where Value: Hashable {}

extension Nullable: Encodable where Value: Encodable {
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(wrappedValue)
  }
}

extension Nullable: Decodable where Value: Decodable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    wrappedValue = container.decodeNil() ? nil : try container.decode(Value.self)
  }
}

extension KeyedDecodingContainer {
  /// What synthesized decoding calls for such a value.
  package func decode<Value: Decodable>(
    _ type: Nullable<Value>.Type, forKey key: Key
  ) throws -> Nullable<Value> {
    Nullable(wrappedValue: try decodeIfPresent(Value.self, forKey: key))
  }
}

/// The same for a value of any type, which is only written.
@propertyWrapper
package struct NullableAny: Encodable, Sendable {
  package var wrappedValue: (any Encodable & Sendable)?

  package init(wrappedValue: (any Encodable & Sendable)?) { self.wrappedValue = wrappedValue }

  package func encode(to encoder: any Encoder) throws {
    guard let wrappedValue else {
      var container = encoder.singleValueContainer()
      return try container.encodeNil()
    }
    try wrappedValue.encode(to: encoder)
  }
}
