import Foundation
import MissingWedge
import Projection
import TestSupport
import Testing

@Suite("Non-uniqueness")
struct NonUniquenessTests {
  @Test("twins have one projection at 0° and two at 70°")
  func twins() throws {
    let twins = TwinObjects(size: 128)
    for (tilt, range) in [(0.0, 0...1e-3), (70.0, 0.3...2)] {
      let seen = try twins.projections(degrees: tilt)
      let squares = zip(seen.pair, seen.single).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      let norm = seen.pair.reduce(0) { $0 + $1 * $1 }
      #expect(range.contains((squares / norm).squareRoot()), "\(tilt)")
    }
    let peak = try #require(try twins.projections(degrees: 0).pair.max())
    #expect(abs(peak - 2 * (2 * Double.pi).squareRoot() * 6) < 0.2)
  }

  @Test(
    "lamellae in the wedge hardly show, wherever the wedge is",
    arguments: [
      tilts(to: 70, step: 2), tilts(to: 60, step: 3), Array(stride(from: -30, through: 80, by: 2)),
    ]
  )
  func lamellae(degrees: [Double]) throws {
    let coverage = TiltCoverage(degrees.map { $0 * .pi / 180 })
    let lamellae = try #require(try HiddenLamellae(coverage, degrees: degrees, size: 129))
    #expect(lamellae.visibility < 0.02 && lamellae.change < 1e-3)
    let plain = EnergySplit(errorOf: lamellae.lamellar, against: lamellae.plain, coverage)
    #expect(try #require(plain.all.missingFraction) > 0.99)
    let turned = EnergySplit(errorOf: lamellae.turned, against: lamellae.plain, coverage)
    #expect(try #require(turned.all.missingFraction) < 0.01)
  }

  @Test("a full range hides nothing")
  func full() throws {
    let coverage = TiltCoverage(fullRange.map { $0 * .pi / 180 })
    #expect(try HiddenLamellae(coverage, degrees: fullRange, size: 65) == nil)
  }
}
