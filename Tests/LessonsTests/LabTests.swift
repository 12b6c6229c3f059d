import Foundation
import Lessons
import Reconstruction
import Testing

@Suite("Lab")
struct LabTests {
  /// Runs an experiment in a folder that did not exist.
  private func run(_ lab: Lab) throws -> (facts: [String: Setting], folder: URL) {
    let folder = FileManager.default.temporaryDirectory.appending(path: "lab-\(UUID().uuidString)")
    return (try lab.run(into: folder.path).facts, folder)
  }

  private func number(_ facts: [String: Setting], _ name: String) -> Double {
    switch facts[name] {
    case .number(let value): value
    case .count(let value): Double(value)
    default: .nan
    }
  }

  /// What the lecture states, with its tolerance.
  private static let stated: [(Lab, [(fact: String, value: Double, within: Double)])] = [
    (
      .svd,
      [
        ("conditionNumber", 230.2, 0.1), ("largestSingularValue", 6.87191, 1e-5),
        ("smallestSingularValue", 0.0298459, 1e-7),
      ]
    ),
    (
      .noiseAmplification,
      [
        ("rmseNaive", 0.9682, 1e-4), ("rmseTikhonov", 0.1403, 1e-4), ("lambda", 0.126, 1e-3),
        ("naiveOverTikhonov", 6.90, 0.01), ("errorBound", 21.19, 0.01),
      ]
    ),
    (
      .tikhonovAgainstTV,
      [
        ("rmse gradient peak", 0.0568, 2e-4), ("rmse gradient rowSum", 0.0731, 2e-4),
        ("rmse tv rowSum", 0.0317, 5e-4), ("lambda tv rowSum", 0.158, 1e-3),
        ("rmse tv peak", 0.0037, 1e-4),
      ]
    ),
    (
      .uCurve,
      [
        ("lambda", 0.126, 1e-3), ("rmse", 0.1403, 1e-4), ("rmseAtSmallest", 0.9656, 1e-4),
        ("rmseAtLargest", 0.2431, 1e-4),
      ]
    ),
    (
      .lCurve,
      [
        ("lambda", 0.175, 0.03), ("lambda discrepancy", 0.3177, 0.0032),
        ("lambda oracle", 0.126, 1e-3), ("rmse l-curve", 0.142, 1e-3),
      ]
    ),
    (.reconstructionLimits, [("rmse", 0.1403, 1e-4), ("rmseAtFive", 0.1888, 1e-4)]),
  ]

  @Test("each experiment comes to the numbers of the lecture")
  func lectureNumbers() throws {
    for (lab, facts) in Self.stated {
      let (found, folder) = try run(lab)
      defer { try? FileManager.default.removeItem(at: folder) }
      for fact in facts {
        let value = number(found, fact.fact)
        #expect(abs(value - fact.value) <= fact.within, "\(lab.rawValue), \(fact.fact): \(value)")
      }
    }
  }

  @Test("a true Gaussian is severely ill-conditioned, and the report says so in words")
  func trueGaussian() throws {
    let (facts, folder) = try run(.svd)
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(number(facts, "conditionNumberTrueGaussian") > 1e12)
    #expect(facts["conditioningTrueGaussian"] == .text("severe"))
    #expect(facts["conditioning"] == .text("moderate"))
  }

  @Test("two objects that differ as much as they can have one projection")
  func nonUniqueness() throws {
    let (facts, folder) = try run(.nonUniqueness)
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(number(facts, "largestDifferenceOfProjections") < 1e-12)
    #expect(number(facts, "relativeDifferenceOfObjects") > 0.9)
  }

  @Test("the estimate of a picture errs less than its measurement")
  func forwardModel() throws {
    let (facts, folder) = try run(.forwardModel)
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(number(facts, "rmseEstimate") < 0.9 * number(facts, "rmseMeasurement"))
  }

  @Test(
    "every experiment leaves a table, a figure and its numbers, the same bytes each time",
    arguments: Lab.allCases)
  func files(lab: Lab) throws {
    let (first, second) = (try run(lab).folder, try run(lab).folder)
    defer {
      for folder in [first, second] { try? FileManager.default.removeItem(at: folder) }
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: first.path).sorted()
    #expect(names.contains(lab.rawValue + ".svg") && names.contains(lab.rawValue + ".json"))
    #expect(names.contains { $0.hasSuffix(".csv") })
    for name in names where !name.hasSuffix(".json") {
      let both = try [first, second].map { try Data(contentsOf: $0.appending(path: name)) }
      #expect(both[0] == both[1] && !both[0].isEmpty, "\(name)")
    }
  }

  @Test("a folder that cannot be made is named in the error")
  func noFolder() throws {
    #expect(throws: (any Error).self) { try Lab.svd.run(into: "/none/of/these") }
  }
}
