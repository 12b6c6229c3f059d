import Deblurring
import DenseAlgebra
import Imaging
import Inversion
import Testing

@Suite struct SpectralFormTests {
  @Test(
    "An operator of any norm gives the solution of its own scale",
    arguments: [SignalMethod.tikhonov, .gradient], [1e-9, 1e7, 1e9, 1e12])
  func norms(method: SignalMethod, norm: Double) throws {
    let h = try Blur(gaussian: 2, count: 48, ends: .reflecting).matrix
    let large = Matrix(rowCount: 48, columnCount: 48) { norm * h[$0, $1] }
    let y = (0..<48).map { Double(($0 * 17) % 11) }
    var plain = try SignalSolver(try SignalProblem(try Blur(h), y, method))
    var scaled = try SignalSolver(try SignalProblem(try Blur(large), y, method))
    for lambda in [1e-6, 1e-3, 1e-1] {
      // ‖kHx − y‖² + k² λ R(x) is least where kx is for k = 1.
      let one = try plain.estimate(lambda: lambda).x
      let other = try scaled.estimate(lambda: lambda * norm * norm).x.map { $0 * norm }
      #expect(distance(other, one) < 1e-9, "λ = \(lambda)")
    }
  }

  @Test("The corner that truncated singular values find does not depend on the norm")
  func corner() throws {
    let h = try Blur(gaussian: 2, count: 48, ends: .reflecting).matrix
    let y = (0..<48).map { h.row($0)[10..<20].reduce(0, +) + 0.002 * Double(($0 * 37) % 11 - 5) }
    func lambda(_ norm: Double) throws -> Double {
      let scaled = Matrix(rowCount: 48, columnCount: 48) { norm * h[$0, $1] }
      let problem = try SignalProblem(try Blur(scaled), y, .tsvd)
      return try SignalChooser(.lCurve).choose(problem).lambda / (norm * norm)
    }
    let one = try lambda(1)
    for norm in [1e-6, 1e-3, 7, 1e6, 1e9] {
      #expect(abs(try lambda(norm) / one - 1) < 1e-6, "norm \(norm)")
    }
  }
}
