import AlgebraicReconstruction
import AnalyticReconstruction
import Projection
import Reconstruction
import Testing
import Transforms

/// A method with settings, to be tried on what every method must get right.
struct Candidate: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let method: any ReconstructionMethod

  static let all =
    RampWindow.allCases.map {
      Candidate(
        testDescription: "fbp \($0.rawValue)", method: FilteredBackProjection(window: $0))
    } + [sirt("sirt"), sirt("sirt strip", rays: .strip), sirt("sirt bounded", isNonNegative: true)]

  private static func sirt(
    _ name: String, isNonNegative: Bool = false, rays: RayModel = .joseph
  ) -> Candidate {
    do {
      return Candidate(
        testDescription: name, method: try SIRT(isNonNegative: isNonNegative, rays: rays))
    } catch {
      preconditionFailure("\(error)")
    }
  }
}
