import Deblurring
import DenseAlgebra
import Imaging
import Lessons
import Testing

@Suite("SeparableForm")
struct SeparableFormTests {
  @Test("a picture's solution is that of the Kronecker product of the operator with itself")
  func kronecker() throws {
    let h = try Blur(gaussian: 1.2, count: 6, ends: .reflecting).matrix
    let whole = Matrix(rowCount: 36, columnCount: 36) { i, j in
      h[i / 6, j / 6] * h[i % 6, j % 6]
    }
    let y = (0..<36).map { Double(($0 * 17) % 11) }
    let problem = try SignalProblem(try Blur(whole), y, .tikhonov)
    var solver = try SignalSolver(problem)
    let expected = try solver.estimate(lambda: 0.02).x
    let found = try SeparableForm(h).tikhonov(
      Matrix(rowCount: 6, columnCount: 6, values: y), lambda: 0.02)
    #expect(zip(found.values, expected).allSatisfy { abs($0 - $1) < 1e-11 })
  }
}
