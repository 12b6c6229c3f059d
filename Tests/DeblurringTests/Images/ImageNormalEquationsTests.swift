import Deblurring
import Imaging
import Testing

@Suite("ImageNormalEquations")
struct ImageNormalEquationsTests {
  private func equations(_ example: DenseImages.Case) throws -> (ImageNormalEquations, DenseImages)
  {
    let dense = try DenseImages(example)
    var equations = ImageNormalEquations(dense.blur, example.isGradient ? .gradient : .size)
    equations.tolerance = 1e-12
    return (equations, dense)
  }

  @Test(
    "Conjugate gradients on Fourier products meet the dense answer, for all ends, odd and even sizes",
    arguments: DenseImages.cases)
  func dense(example: DenseImages.Case) throws {
    let (equations, dense) = try equations(example)
    let (x, residuals) = equations.solve(dense.measured, lambda: DenseImages.lambda)
    #expect(distance(x, dense.answer) < 1e-9)
    #expect(residuals.count < 60)
  }

  @Test(
    "With pixels left out they still do",
    arguments: DenseImages.cases)
  func masked(example: DenseImages.Case) throws {
    var (equations, dense) = try equations(example)
    equations.mask = dense.measured.indices.map { $0 % 3 != 0 }
    let (x, _) = equations.solve(dense.measured, lambda: DenseImages.lambda)
    #expect(distance(x, dense.answerOfPart) < 1e-9)
  }

  @Test("From the answer there is nothing left to do")
  func warmStart() throws {
    let (equations, dense) = try equations(DenseImages.cases[0])
    let (_, residuals) = equations.solve(
      dense.measured, lambda: DenseImages.lambda, from: dense.answer)
    #expect(residuals.count <= 1)
  }
}
