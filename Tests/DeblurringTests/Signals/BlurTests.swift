import Deblurring
import DenseAlgebra
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
}
