package import Deblurring
import DenseAlgebra
import RealModule

/// The two problems of a lecture on inverse problems, to the last digit.
///
/// Their operator is no symmetric Gaussian: the part above the diagonal lies one sample too far out,
///
///     Hᵢⱼ = a(i − j) for i ≥ j,   a(N − 1 − (j − i)) for i < j,   a(k) = exp(−min(k, N − k)² / 2σ²)
///
/// which alone makes it so well conditioned (κ = 230 for σ = 3). A true Gaussian of that width has a
/// condition number beyond 10¹⁶: `Blur.init(gaussian:count:ends:scale:cut:)`.
///
/// - Reference: P. Pelz, Data Science for Electron Microscopy, week 11 and its notebook
///   week11_inverse_deblurring, FAU Erlangen-Nürnberg (2026).
package struct Lecture: Sendable {
  package let truth: [Double]
  package let blur: Blur
  package let noise: [Double]
  /// The standard deviation that the noise was drawn with.
  package let noiseLevel: Double

  /// `Hx`
  package var clean: [Double] { blur.matrix * truth }
  /// `y = Hx + ε`
  package var measurement: [Double] { zip(clean, noise).map(+) }

  /// The values of λ that the lecture tries: 100 from 1e-5 to 1e2.
  package static let grid = LambdaGrid(from: 1e-5, 1e2, 100)

  /// Three peaks at 15, 35 and 50 among 64 samples, σ = 3, noise 0.1.
  package static let peaks = Lecture(peaksThrough: blur(sigma: 3, count: 64))

  /// The same object and noise behind another operator of 64 columns and rows.
  package init(peaksThrough blur: Blur, noiseLevel: Double = 0.1) {
    var truth = [Double](repeating: 0, count: 64)
    for (range, height) in [(15..<18, 1.0), (35..<37, 0.7), (50..<52, 0.5)] {
      for i in range { truth[i] = height }
    }
    self.init(truth: truth, blur: blur, noiseLevel: noiseLevel)
  }

  /// Steps 0.2, 0.8 and 0.3 at 30 and 55 among 96 samples, noise 0.06.
  package init(stepsThrough blur: Blur) {
    let truth = (0..<96).map { $0 < 30 ? 0.2 : $0 < 55 ? 0.8 : 0.3 }
    self.init(truth: truth, blur: blur, noiseLevel: 0.06)
  }

  private init(truth: [Double], blur: Blur, noiseLevel: Double) {
    (self.truth, self.blur, self.noiseLevel) = (truth, blur, noiseLevel)
    noise = lectureNoise.prefix(truth.count).map { noiseLevel * $0 }
  }

  /// The operator of the lecture.
  package static func blur(sigma: Double, count: Int, scale: Blur.Scale = .peak) -> Blur {
    let matrix = Matrix(rowCount: count, columnCount: count) { i, j in
      let k = i >= j ? i - j : count - 1 - (j - i)
      let d = Double(min(k, count - k))
      return Double.exp(-d * d / (2 * sigma * sigma))
    }
    guard let blur = try? Blur(matrix, scale: scale) else {
      preconditionFailure("every row of this operator has a sum above 1")
    }
    return blur
  }
}
