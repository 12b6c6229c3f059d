import Deblurring
import DenseAlgebra
import Foundation
import Imaging
import Testing

@Suite("Blur")
struct BlurTests {
  @Test(
    "a Gaussian is 1 at its centre, or has row sums of 1, whatever its ends",
    arguments: Ends.allCases)
  func scales(ends: Ends) throws {
    let peak = try Blur(gaussian: 1, count: 24, ends: ends, scale: .peak).matrix
    #expect(peak[12, 12] == 1 && abs(peak[12, 13] - 0.6065306597126334) < 1e-16)
    let rows = try Blur(gaussian: 1, count: 24, ends: ends, scale: .rowSum).matrix
    for i in 0..<24 { #expect(abs(rows.row(i).reduce(0, +) - 1) < 1e-15) }
  }

  @Test("beyond the ends lies nothing, the other end, or the mirror image")
  func ends() throws {
    let a = exp(-0.5)
    let far = exp(-2.0)
    func first(_ ends: Ends) throws -> [Double] {
      try Blur(gaussian: 1, count: 5, ends: ends, scale: .peak, cut: 2).matrix.row(0)
    }
    #expect(largestDifference(try first(.zero), [1, a, far, 0, 0]) < 1e-15)
    #expect(largestDifference(try first(.periodic), [1, a, far, far, a]) < 1e-15)
    // Sample −1 is sample 0 again, and −2 is 1.
    #expect(largestDifference(try first(.reflecting), [1 + a, a + far, far, 0, 0]) < 1e-15)
  }

  @Test("a measured point spread is laid about its middle, whichever side is heavier")
  func kernels() throws {
    func rows(_ ends: Ends, _ scale: Blur.Scale) throws -> Matrix {
      try Blur(kernel: [1, 4, 3], count: 4, ends: ends, scale: scale).matrix
    }
    // An impulse at sample 1 spreads 1 to the left and 3 to the right.
    #expect(try rows(.zero, .asIs).column(1) == [1, 4, 3, 0])
    #expect(try rows(.zero, .peak).column(1) == [0.25, 1, 0.75, 0])
    #expect(try rows(.zero, .rowSum).row(0) == [0.8, 0.2, 0, 0])
    #expect(try rows(.periodic, .asIs).column(0) == [4, 3, 0, 1])
    // Sample 0 hears its image at −1 as well, which spreads 3 to the right.
    #expect(try rows(.reflecting, .asIs).row(0) == [7, 1, 0, 0])
    #expect(throws: DeblurringError.evenKernel(2)) { try Blur(kernel: [1, 2], count: 4) }
    let difference = Matrix(rowCount: 2, columnCount: 2, values: [1, -1, 1, 1])
    #expect(throws: DeblurringError.noSum(row: 0)) { try Blur(difference, scale: .rowSum) }
  }

  @Test(
    "a point spread that adds up to nothing or less is named as such however it is scaled",
    arguments: Blur.Scale.allCases)
  func noBlur(scale: Blur.Scale) {
    for (kernel, fault) in [
      ([0, 0, 0], .zeroOperator), ([1, 0, -1], .kernelSum(0)),
      ([-1, -2, -1], .kernelSum(-4)), ([1, -3, 1], .kernelSum(-1)),
    ] as [([Double], DeblurringError)] {
      #expect(throws: fault) { try Blur(kernel: kernel, count: 8, scale: scale) }
    }
    // Values below zero are allowed where the sum is above it.
    #expect(throws: Never.self) { try Blur(kernel: [1, -3, 3], count: 8, scale: .asIs) }
  }

  @Test("a matrix of zeros, and one without a value above zero, cannot be scaled to a peak")
  func noPeak() {
    let zeros = Matrix(rowCount: 2, columnCount: 2, values: [0, 0, 0, 0])
    let negative = Matrix(rowCount: 2, columnCount: 2, values: [-1, 0, 0, -1])
    #expect(throws: DeblurringError.zeroOperator) { try Blur(zeros, scale: .peak) }
    #expect(throws: DeblurringError.zeroOperator) { try Blur(zeros, scale: .rowSum) }
    #expect(throws: DeblurringError.noPeak) { try Blur(negative, scale: .peak) }
  }

  @Test("a wave keeps its transfer through periodic ends, 0.0072 at 1 / 2σ")
  func transfer() throws {
    #expect(abs(Blur.transfer(frequency: 1 / 6.0, sigma: 3) / 0.0072 - 1) < 0.01)
    let matrix = try Blur(gaussian: 3, count: 60, ends: .periodic).matrix
    for cycles in [1, 4, 10] {
      let wave = (0..<60).map { cos(2 * .pi * Double(cycles * $0) / 60) }
      let transfer = Blur.transfer(frequency: Double(cycles) / 60, sigma: 3)
      #expect(largestDifference(matrix * wave, wave.map { transfer * $0 }) < 1e-9, "\(cycles)")
    }
  }

  @Test(
    "two columns show a dip between them beyond 2σ of distance, and none at 2σ",
    arguments: [3.0, 4.5])
  func sparrow(sigma: Double) throws {
    // Samples a tenth of a unit apart, the two columns at ±d/2.
    let fine = try Blur(gaussian: 10 * sigma, count: 801, scale: .peak).matrix
    for (distance, hasDip) in [(1.9, false), (2.0, false), (2.2, true), (3, true)] {
      let half = Int((5 * distance * sigma).rounded())
      var x = [Double](repeating: 0, count: 801)
      (x[400 - half], x[400 + half]) = (1, 1)
      let y = fine * x
      let between = y[400 - half...400 + half]
      #expect(((between.max() ?? 0) > y[400] * (1 + 1e-9)) == hasDip, "\(distance)")
    }
  }

  @Test("a width that is no width and a signal that is none are refused")
  func refusals() {
    #expect(throws: DeblurringError.width(0)) { try Blur(gaussian: 0, count: 8) }
    #expect(throws: DeblurringError.width(1001)) { try Blur(gaussian: 1001, count: 8) }
    #expect(throws: DeblurringError.width(.infinity)) { try Blur(gaussian: .infinity, count: 8) }
    #expect(throws: DeblurringError.tooShort(count: 1, needed: 2)) {
      try Blur(gaussian: 1, count: 1)
    }
  }
}
