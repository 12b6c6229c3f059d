import Fields
import RealModule
import Testing

@Suite struct ElementaryFunctionsTests {
  /// From 10⁻¹² to 10¹², not only at powers.
  private let numbers = (-4000...4000).map { Float.pow(10, 0.003 * Float($0)) }

  @Test("The logarithm is that of the system to 2 · 10⁻⁷")
  func logarithm() {
    for x in numbers + [1, 0.99999994, 1.0000001, 0.70710677, 1.4142135] {
      let expected = Double.log2(Double(x))
      #expect(abs(Double(quickLog2(x)) - expected) <= 2e-7 * max(1, abs(expected)))
      #expect(abs(Double(quickLog(x)) - Double.log(Double(x))) <= 2e-7 * max(1, abs(expected)))
    }
  }

  @Test("Powers are those of the system", arguments: [0.5, 0.7, 1, 1.7, 3, -0.5] as [Float])
  func power(γ: Float) {
    for x in numbers {
      let logarithm = Double(γ) * Double.log2(Double(x))
      guard abs(logarithm) < 120 else { continue }
      let expected = Double.pow(Double(x), Double(γ))
      let error = abs(Double(quickPower(x, γ)) - expected) / expected
      #expect(error <= 1e-6 * (1 + abs(logarithm) / 10))
    }
    #expect(quickPower(0, γ) == 0 && quickPower(-1, γ) == 0)
  }
}
