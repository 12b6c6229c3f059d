import Fields
import Foundation
import Projection
import TestSupport
import Testing

@Suite("TiltCoverage")
struct TiltCoverageTests {
  @Test(
    "±α leaves 1 − α/90 of Fourier space out and draws a point out by √((α + sin α cos α) / (α − sin α cos α))",
    arguments: [(50.0, 1.895), (60, 1.552), (65, 1.421), (70, 1.309), (75, 1.213), (80, 1.131)])
  func symmetric(limit: Double, factor: Double) {
    let coverage = TiltCoverage(radians(tilts(to: limit, step: 1)))
    #expect(abs(coverage.missingFraction - (1 - limit / 90)) < 1e-12)
    #expect(abs(coverage.elongation.factor - factor) < 5e-4)
    #expect(abs(coverage.elongation.direction - .pi / 2) < 1e-9)
  }

  @Test("a full range leaves nothing out, draws nothing out, and has Crowther's resolution")
  func full() throws {
    let coverage = TiltCoverage(radians(fullRange))
    #expect(coverage.missingFraction == 0 && coverage.isComplete)
    #expect(abs(coverage.elongation.factor - 1) < 1e-9)
    #expect(abs(try #require(coverage.resolution(diameter: 100)) - .pi * 100 / 90) < 1e-9)
  }

  @Test("an asymmetric range is drawn out along the middle of what it misses")
  func asymmetric() {
    let coverage = TiltCoverage(radians(Array(stride(from: -40, through: 70, by: 2))))
    #expect(abs(coverage.missingFraction - 70.0 / 180) < 1e-12)
    // The middle of 70° … 140° is 105°.
    #expect(abs(coverage.elongation.direction - 105 * .pi / 180) < 1e-9)
    let half = 55 * Double.pi / 180
    let factor = ((half + sin(half) * cos(half)) / (half - sin(half) * cos(half))).squareRoot()
    #expect(abs(coverage.elongation.factor - factor) < 1e-9)
  }

  @Test("a range that lies across 90° is the same arc, turned")
  func turned() {
    let coverage = TiltCoverage(radians(Array(stride(from: 30, through: 150, by: 2))))
    #expect(abs(coverage.sampledFraction - 120.0 / 180) < 1e-9)
    #expect(coverage.depth(kx: 0, kz: 1) > 0 && coverage.depth(kx: 1, kz: 0) < 0)
  }

  @Test("a gap splits the sampled part, and the resolution follows the largest step")
  func gaps() throws {
    let degrees = Array(stride(from: -60.0, through: -20, by: 2)) + [0, 3, 6]
    let coverage = TiltCoverage(radians(degrees))
    #expect(coverage.arcs.count == 2)
    #expect(abs(coverage.sampledFraction - 46.0 / 180) < 1e-9)
    #expect(abs(try #require(coverage.largestStep) - 3 * .pi / 180) < 1e-9)
    let single = TiltCoverage([0.2])
    #expect(single.largestStep == nil && single.sampledFraction == 0)
    #expect(single.elongation.factor == .infinity)
    #expect(abs(single.elongation.direction - (0.2 + .pi / 2)) < 1e-12)
  }

  @Test("the measured directions are sampled, the beam is not, and depth is the angle between")
  func depth() {
    let coverage = TiltCoverage(radians(tilts(to: 70, step: 2)))
    for angle in [-70.0, -31, 0, 70] {
      let (kx, kz) = (cos(angle * .pi / 180), sin(angle * .pi / 180))
      #expect(abs(coverage.depth(kx: kx, kz: kz) - (70 - abs(angle)) * .pi / 180) < 1e-9)
      #expect(abs(coverage.depth(kx: -kx, kz: -kz) - (70 - abs(angle)) * .pi / 180) < 1e-9)
    }
    #expect(abs(coverage.depth(kx: 0, kz: 1) + 20 * .pi / 180) < 1e-9)
    #expect(coverage.depth(kx: 0, kz: 0) > 0)
  }

  @Test(
    "a mask of any size holds the missing part inside the inscribed circle, alike at k and −k",
    arguments: [(64, 64), (63, 80), (128, 57)])
  func mask(width: Int, depth: Int) {
    let coverage = TiltCoverage(radians(Array(stride(from: -70, through: 62, by: 2))))
    for softness in [0, 4 * Double.pi / 180] {
      let mask = coverage.mask(width: width, depth: depth, softness: softness)
      var (inside, sampled) = (0.0, 0.0)
      for row in 0..<depth {
        for column in 0..<width {
          let value = Double(mask.span[row * width + column])
          let twin = mask.span[(depth - row) % depth * width + (width - column) % width]
          #expect(value == Double(twin))
          let fx = Double(min(column, width - column)) / Double(width)
          let fz = Double(min(row, depth - row)) / Double(depth)
          guard fx * fx + fz * fz <= 0.25 else { continue }
          inside += 1
          sampled += value
        }
      }
      #expect(abs(sampled / inside - coverage.sampledFraction) < 0.015, "\(softness)")
    }
  }
}
