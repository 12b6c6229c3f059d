import Fields
import Plots
import Testing

@Suite("Limits of values that are never together")
struct RankSearchTests {
  @Test(
    "parts give the limits of the whole",
    arguments: [(0, 100), (0.5, 99.5), (10, 90), (50, 50), (99, 100)] as [(Double, Double)])
  func parts(low: Double, high: Double) {
    var state: UInt64 = 7
    let values = (0..<5000).map { _ -> Float in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      // Of both signs and many sizes, close together in their upper halves.
      return state % 3 == 0 ? Float(Int64(bitPattern: state)) : 1 + Float(state >> 48) * 1e-7
    }
    let scale = GreyScale.percentiles(low, high)
    let whole = scale.limits(for: FloatStorage(values).span)
    let found = scale.limits { examine in
      for start in stride(from: 0, to: 5000, by: 700) {
        examine(FloatStorage(values[start..<min(5000, start + 700)]).span)
      }
    }
    #expect(found == whole)
  }

  @Test("what is not finite is passed over; nothing at all gives 0 to 0; limits stay what they are")
  func edges() {
    let odd = FloatStorage([.nan, -2, .infinity, 3, -.infinity])
    #expect(GreyScale.percentiles(0, 100).limits { $0(odd.span) } == -2...3)
    #expect(GreyScale.standard.limits { _ in } == 0...0)
    #expect(GreyScale.limits(1...2).limits { $0(odd.span) } == 1...2)
  }
}
