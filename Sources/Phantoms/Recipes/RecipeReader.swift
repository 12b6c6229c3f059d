import Foundation

/// Reads one JSON object of a recipe, key by key, and then refuses the keys that nobody asked for.
struct RecipeReader {
  static var source: CodingUserInfoKey {
    CodingUserInfoKey(rawValue: "recipe") ?? { preconditionFailure("any text is a key") }()
  }
  /// Longer than any recipe needs, and short enough for all arithmetic.
  static let largest = 1e6

  private let values: KeyedDecodingContainer<Key>
  private var asked: Set<String> = []
  private var place: RecipePlace

  init(_ decoder: any Decoder) throws {
    let index = decoder.codingPath.last?.intValue
    place = RecipePlace(
      file: decoder.userInfo[Self.source] as? String ?? "the recipe", object: index.map { $0 + 1 })
    guard let values = try? decoder.container(keyedBy: Key.self) else {
      throw PhantomError.notAnObject(place)
    }
    self.values = values
  }

  func has(_ key: String) -> Bool { values.contains(Key(key)) }

  /// The value at `key`, which must be a `Value` that `isUsable`.
  mutating func value<Value: Decodable>(
    _ key: String, needing rule: String, where isUsable: (Value) -> Bool = { _ in true }
  ) throws(PhantomError) -> Value {
    asked.insert(key)
    guard has(key) else { throw .missingKey(key, place, rule: rule) }
    guard let value = try? values.decode(Value.self, forKey: Key(key)), isUsable(value) else {
      throw fault(key, needs: rule)
    }
    return value
  }

  /// One of the spellings of `Choice`.
  mutating func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String
  ) throws(PhantomError) -> Choice where Choice.RawValue == String {
    let spellings = Choice.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
    let rule = "one of \(spellings)"
    let text: String = try value(key, needing: rule)
    guard let choice = Choice(rawValue: text) else { throw fault(key, needs: rule) }
    return choice
  }

  /// The shape of an object, which from then on belongs to the object's name in errors.
  mutating func shape(_ key: String) throws(PhantomError) -> PhantomForm.Shape {
    let shape: PhantomForm.Shape = try choice(key)
    place.shape = shape.rawValue
    return shape
  }

  mutating func number(_ key: String) throws(PhantomError) -> Double {
    try value(key, needing: "a number of at most 1e6 in size") { abs($0) <= Self.largest }
  }

  mutating func length(_ key: String) throws(PhantomError) -> Double {
    try value(key, needing: "a length between 1e-6 and 1e6", where: Self.isLength)
  }

  /// Three numbers, or zeros where `key` is absent.
  mutating func vector(_ key: String) throws(PhantomError) -> SIMD3<Double> {
    asked.insert(key)
    guard has(key) else { return .zero }
    let rule = "three numbers [x, y, z] of at most 1e6 in size"
    let values: [Double] = try value(key, needing: rule) {
      $0.count == 3 && $0.allSatisfy { abs($0) <= Self.largest }
    }
    return SIMD3(values[0], values[1], values[2])
  }

  /// Three lengths.
  mutating func lengths(_ key: String) throws(PhantomError) -> SIMD3<Double> {
    let values: [Double] = try value(key, needing: "three lengths between 1e-6 and 1e6") {
      $0.count == 3 && $0.allSatisfy(Self.isLength)
    }
    return SIMD3(values[0], values[1], values[2])
  }

  mutating func objects(_ key: String) throws -> [PhantomObject] {
    asked.insert(key)
    let rule = "a list of at least one object"
    guard has(key) else { throw PhantomError.missingKey(key, place, rule: rule) }
    guard var list = try? values.nestedUnkeyedContainer(forKey: Key(key)), !list.isAtEnd else {
      throw fault(key, needs: rule)
    }
    var objects: [PhantomObject] = []
    while !list.isAtEnd { objects.append(try list.decode(PhantomObject.self)) }
    return objects
  }

  func fault(_ key: String, needs rule: String) -> PhantomError {
    .unusable(key: key, place, rule: rule)
  }

  func refuseOtherKeys() throws(PhantomError) {
    let others = values.allKeys.map(\.stringValue).filter { !asked.contains($0) }
    guard let key = others.sorted().first else { return }
    throw .unknownKey(key, place, known: asked.sorted())
  }

  static func isLength(_ value: Double) -> Bool { (1e-6...largest).contains(value) }

  struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
  }
}
