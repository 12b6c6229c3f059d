import Fields
import Imaging
import Operators
import Spectroscopy
import TestSupport
import Testing

@Suite("EnergyResponse")
struct EnergyResponseTests {
  @Test("all orders of scattering are the Poisson sum of convolutions", arguments: [0.5, 1])
  func orders(thickness: Double) throws {
    let simulated = try SimulatedSpectra(thickness: thickness)
    let model = try PluralScattering(zeroLoss: simulated.zeroLoss.counts)
    // Single scattering with a sharp origin, as the recipe of the golden file has it.
    let raw = (0..<model.domainCount).map { n -> Double in
      let loss = Double(n) * 0.5
      let root = loss * loss - 289
      return loss * 3.5 * 289 / (root * root + loss * loss * 12.25)
    }
    let sum = raw.reduce(0, +)
    let spectrum = model.spectrum(of: raw.map { $0 * thickness * model.intensity / sum })
    let highest = simulated.low.counts.max() ?? 0
    for i in spectrum.indices {
      #expect(abs(spectrum[i] - simulated.low.counts[i]) < 1e-6 * highest)
    }
  }

  @Test("the adjoint of its derivative meets finite differences, to 1e-7")
  func derivative() throws {
    let count = 40
    func values(_ seed: UInt64) -> [Double] {
      let noise = noise(count: count, seed: seed)
      return (0..<count).map { Double(noise.span[$0]) }
    }
    let model = try PluralScattering(zeroLoss: values(1).map { $0 + 0.6 })
    let (s, d, y) = (values(2), values(3), values(4))
    func moved(_ step: Double) -> [Double] {
      model.spectrum(of: zip(s, d).map { $0 + step * $1 })
    }
    let slope = zip(moved(1e-4), moved(-1e-4)).map { ($0 - $1) / 2e-4 }
    let left = zip(slope, y).reduce(0) { $0 + $1.0 * $1.1 }
    let right = zip(d, model.pullBack(y, at: s)).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(left - right) < 1e-7 * max(1, abs(left)))
  }

  @Test("the instrument's response keeps counts and has an adjoint, to 1e-10")
  func response() throws {
    let simulated = try SimulatedSpectra(thickness: 0.5)
    let peak = try ZeroLossPeak(of: simulated.noisyLow)
    let grid = Grid(rowCount: 1, columnCount: 300)
    for spread in [
      try PointSpread(response: peak),
      try PointSpread(scattering: simulated.noisyLow, around: peak),
    ] {
      let blur = FieldBlur(spread, on: grid, ends: .zero)
      let (a, b) = (noise(count: 300, seed: 5), noise(count: 300, seed: 6))
      let x = (0..<300).map { Double(a.span[$0]) }
      let y = (0..<300).map { Double(b.span[$0]) }
      var (forward, backward) = (x, y)
      blur.apply(x.span, into: forward.mutableSpan)
      blur.applyAdjoint(y.span, into: backward.mutableSpan)
      let left = zip(forward, y).reduce(0) { $0 + $1.0 * $1.1 }
      let right = zip(x, backward).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(left - right) < 1e-10)
    }
    #expect(abs(try PointSpread(response: peak).sum - 1) < 1e-12)
  }
}
