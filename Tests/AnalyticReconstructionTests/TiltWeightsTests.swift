import AnalyticReconstruction
import Foundation
import TestSupport
import Testing

@Suite("TiltWeights")
struct TiltWeightsTests {
  /// Weights in degrees.
  func weights(_ degrees: [Double]) -> [Double] {
    TiltWeights.trapezoid(degrees.map { $0 * .pi / 180 }).map { $0 * 180 / .pi }
  }

  func expectWeights(
    _ degrees: [Double], _ expected: [Double], at location: SourceLocation = #_sourceLocation
  ) {
    let found = weights(degrees)
    #expect(found.count == expected.count, sourceLocation: location)
    for (one, other) in zip(found, expected) {
      #expect(abs(one - other) < 1e-9, "\(found)", sourceLocation: location)
    }
  }

  @Test("the ends of a limited range stand for half a gap")
  func trapezoid() {
    expectWeights([-20, -10, 0, 10, 20], [5, 10, 10, 10, 5])
  }

  @Test("gaps of different widths are shared by halves")
  func uneven() {
    expectWeights([-40, -30, 0, 5, 20], [5, 20, 17.5, 10, 7.5])
  }

  @Test("weights follow the order of the tilts")
  func order() {
    expectWeights([20, -40, 5, 0, -30], [7.5, 5, 10, 17.5, 20])
  }

  @Test("a full range by 2° weighs π/90 everywhere and π in all")
  func full() {
    expectWeights(fullRange, Array(repeating: 2, count: 90))
    let sum = TiltWeights.trapezoid(fullRange.map { $0 * .pi / 180 }).reduce(0, +)
    #expect(abs(sum - .pi) < 1e-12)
  }

  @Test("−90° and +90° together count once")
  func bothEnds() {
    expectWeights(fullRange + [90], [1] + Array(repeating: 2, count: 89) + [1])
  }

  @Test("a full range may begin anywhere and go round twice")
  func turned() {
    expectWeights((0..<90).map { Double(2 * $0 + 1) }, Array(repeating: 2, count: 90))
    expectWeights((0..<180).map { Double(2 * $0 - 180) }, Array(repeating: 1, count: 180))
  }

  @Test("±α sums to 2α", arguments: [10.0, 40, 60, 70, 76, 88])
  func limited(limit: Double) {
    #expect(abs(weights(tilts(to: limit, step: 2)).reduce(0, +) - 2 * limit) < 1e-9)
  }

  @Test("a series may lie across ±90°")
  func across() {
    let degrees = stride(from: 20.0, through: 160, by: 10).map { $0 }
    expectWeights(degrees, [5] + Array(repeating: 10, count: 13) + [5])
  }

  @Test("projections of one direction share its weight")
  func duplicates() {
    expectWeights([-10, 0, 0, 10], [5, 5, 5, 5])
    expectWeights([-10, 0, 10, 180], [5, 5, 5, 5])
  }

  @Test("a single direction stands for all")
  func single() {
    expectWeights([30], [180])
    expectWeights([30, -150], [90, 90])
  }

  @Test("a range is closed unless one gap is much wider than every other")
  func closing() {
    #expect(abs(weights(tilts(to: 89, step: 2)).reduce(0, +) - 180) < 1e-9)
    #expect(abs(weights(tilts(to: 88, step: 2)).reduce(0, +) - 176) < 1e-9)
    expectWeights([-60, 0, 60], [60, 60, 60])
    expectWeights([0, 90], [90, 90])
    expectWeights([-45, 0, 45, 90], [45, 45, 45, 45])
    expectWeights([-1, 1], [1, 1])
  }

  @Test("a projection missing from a full range leaves a gap like any other")
  func hole() {
    let rest = fullRange.filter { $0 != 10 }
    #expect(abs(weights(rest).reduce(0, +) - 176) < 1e-9)
  }

  @Test("steps by the golden ratio close the range", arguments: [13, 20, 34, 50, 90])
  func golden(count: Int) {
    let ratio = (5.0.squareRoot() - 1) / 2
    let degrees = (0..<count).map { (Double($0) * ratio).truncatingRemainder(dividingBy: 1) * 180 }
    #expect(abs(weights(degrees).reduce(0, +) - 180) < 1e-9)
  }

  @Test("a hole inside a limited range stays empty, as its ends do")
  func holeStaysOpen() {
    let degrees = Array(stride(from: -74.0, through: -10, by: 2))
    let halves = [1] + Array(repeating: 2.0, count: 31) + [1]
    expectWeights(degrees + degrees.map { -$0 }, halves + halves)
    // Four steps are a gap, and more are a hole.
    expectWeights([-30, -20, -10, 29, 39, 49], [5, 10, 24.5, 24.5, 10, 5])
    expectWeights([-30, -20, -10, 31, 41, 51], [5, 10, 5, 5, 10, 5])
  }
}
