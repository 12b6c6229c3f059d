public import Errors
import Foundation

/// A method as records hold it: its name, and its parameters by name.
package struct MethodRecipe: Sendable, Hashable, Codable {
  /// More would neither end nor fit the arithmetic of progress.
  package static let mostIterations = 1_000_000_000

  package let name: String
  package let parameters: [String: Setting]

  package init(_ method: some ReconstructionMethod) {
    self.init(name: method.name, parameters: method.settings)
  }

  package init(name: String, parameters: [String: Setting]) {
    (self.name, self.parameters) = (name, parameters)
  }

  /// The method, without the mask that it may have had.
  ///
  /// - Throws: ``MethodRecipeError``, or what the method throws of its parameters.
  package func method(among methods: MethodRegistry) throws -> any ReconstructionMethod {
    guard let type = methods.types[name] else { throw MethodRecipeError.unknown(name) }
    do {
      return try JSONDecoder().decode(type, from: try JSONEncoder().encode(parameters))
    } catch let error as DecodingError {
      throw MethodRecipeError.parameters(of: name, Self.words(error))
    }
  }

  private static func words(_ error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, _): "'\(key.stringValue)' is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      "'\(context.codingPath.last?.stringValue ?? "")' has another form"
    @unknown default: "they have another form"
    }
  }
}

/// Which type makes a method again from the name in a record.
public struct MethodRegistry: Sendable {
  /// By ``ReconstructionMethod/name``; add methods of your own here.
  public var types: [String: any ReconstructionMethod.Type]

  package init(_ types: [String: any ReconstructionMethod.Type]) { self.types = types }
}

/// Why a method cannot be made again from a record: its name, or its name and what is wrong with its parameters.
public enum MethodRecipeError: CategorisedError, Equatable {
  case unknown(String)
  case parameters(of: String, String)

  public var category: ErrorCategory {
    .badData
  }

  public var description: String {
    switch self {
    case .unknown(let name):
      "The method '\(name)' is unknown. Add it to the methods with which recipes are read."
    case .parameters(let name, let reason):
      "The parameters of the method '\(name)' cannot be used: \(reason)."
    }
  }
}

extension ReconstructionMethod {
  /// The parameters by name, as records hold them.
  package var settings: [String: Setting] {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    do {
      return try JSONDecoder().decode([String: Setting].self, from: try encoder.encode(self))
    } catch {
      return ["unreadable": .text("\(error)")]
    }
  }
}
