import DenseAlgebra
import Fields
import SpectralTomography
import TestSupport
import Testing

@Suite struct PrincipalComponentsTests {
  @Test("Eigenvalues and what two components keep are numpy's")
  func golden() throws {
    let golden = try goldenDoubles("components.bin", in: .module)
    let channels = (0..<5).map { c in
      FloatStorage(golden[(40 * c)..<(40 * (c + 1))].map { Float($0) })
    }
    let found = try PrincipalComponents(channels, workers: Workers(2))
    for (k, value) in found.eigenvalues.enumerated() {
      #expect(abs(value - golden[200 + k]) < 1e-4 * golden[200], "\(k)")
    }
    let kept = try found.denoise(channels, keeping: 2, workers: Workers(2))
    for c in 0..<5 {
      let values = array(kept[c])
      for i in 0..<40 { #expect(abs(Double(values[i]) - golden[205 + 40 * c + i]) < 2e-4) }
    }
    #expect(found.suggestedCount == 2)
    #expect(throws: SpectralError.components(6, channels: 5)) {
      try found.denoise(channels, keeping: 6)
    }
  }
}
