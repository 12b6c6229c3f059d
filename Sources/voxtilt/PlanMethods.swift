import AlgebraicReconstruction
import ArgumentParser
import VariationalReconstruction
import DosePlanning
import AnalyticReconstruction
import Reconstruction
import Transforms

/// `fbp,sirt,cs`
struct PlanMethods: ExpressibleByArgument {
  let planned: [PlannedMethod]
  private let names: [String]
  static let standard = PlanMethods(["fbp", "sirt", "cs"])
  var defaultValueDescription: String { names.joined(separator: ",") }

  private init(_ names: [String]) {
    self.names = names
    planned = names.compactMap { Self.method($0) }
  }

  init?(argument: String) {
    let names = argument.split(separator: ",", omittingEmptySubsequences: false).map { String($0) }
    self.init(names)
    guard planned.count == names.count, Set(names).count == names.count else { return nil }
  }

  /// Each as a careful user would set it; the noise is known.
  private static func method(_ name: String) -> PlannedMethod? {
    switch name {
    case "fbp":
      PlannedMethod(name: name, cost: 1) { _ in
        FilteredBackProjection(window: .hann, scale: .full)
      }
    case "sirt":
      PlannedMethod(name: name, cost: 40) { noise in
        // A fixed number of iterations would take in the more noise the more tilts share the dose.
        try SIRT(
          iterations: 100, isNonNegative: true,
          stopRule: noise > 0 ? try StopRule(noise: noise) : .never)
      }
    case "cs":
      PlannedMethod(name: name, cost: 400) { noise in
        var method = CompressedSensing()
        method.strength = .chosen(nil, noise: noise > 0 ? noise : nil)
        return method
      }
    default: nil
    }
  }
}
