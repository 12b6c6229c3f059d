import VariationalReconstruction
import Fields
import Foundation
import Inversion
import Phantoms
import Projection
import Reconstruction
import TestSupport
import Testing

@Suite("Priors that are compared")
struct PriorChoiceTests {
  private func run(
    _ kind: Prior.Kind, _ rivals: Rivals, _ rule: ChoiceRule? = nil
  ) throws -> (choice: StrengthChoice, report: ReconstructionReport) {
    let (_, series, geometry) = try StrengthChoiceTests.problem()
    var method = CompressedSensing()
    (method.prior, method.rivals) = (Prior(kind), rivals)
    method.strength = .chosen(rule, noise: 0.3)
    let report = try method.reconstruct(series, geometry, from: nil, workers: Workers(2)).1
    return (try #require(report.lambdaChoice as? StrengthChoice), report)
  }

  @Test("of several priors the one that predicts best is taken, with its own λ")
  func taken() throws {
    let (choice, report) = try run(.l1, .taken([.tv, .gradient]))
    #expect(choice.priors.map(\.prior) == [.l1, .tv, .gradient])
    let best = try #require(choice.priors.min { $0.heldOut < $1.heldOut })
    #expect(best.prior == .tv)
    #expect(report.settings["prior"] == .text("tv"))
    #expect(report.lambda == best.lambda)
    #expect(report.lambda == (try run(.tv, .none)).report.lambda)
  }

  @Test("a prior that predicts worse than another is kept where it was asked for, with a note")
  func told() throws {
    let (choice, report) = try run(.l1, .told([.tv]))
    #expect(report.settings["prior"] == .text("l1"))
    #expect(choice.priors.count == 2)
    #expect(report.warnings.contains { $0.contains("tv predicts left-out tilts better than l1") })
    let own = try run(.tv, .told([.l1]))
    #expect(!own.report.warnings.contains { $0.contains("predicts left-out tilts better") })
  }

  @Test("a rule that predicts nothing cannot compare priors")
  func noPrediction() {
    #expect(throws: CompressedSensingError.noPrediction) {
      try run(.tv, .taken([.gradient]), .discrepancy)
    }
  }
}
