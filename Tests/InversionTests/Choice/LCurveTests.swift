import Foundation
import Inversion
import TestSupport
import Testing

@Suite("LCurve")
struct LCurveTests {
  /// Golden/lcurve.f64: λ, residual, ‖x‖ and RMSE in rows, by Golden/make_lcurve.py.
  static func trials() throws -> [LambdaTrial] {
    let numbers = try goldenDoubles("lcurve.f64", in: Bundle.module)
    return stride(from: 0, to: numbers.count, by: 4).map {
      LambdaTrial(
        lambda: numbers[$0], mu: numbers[$0], residual: numbers[$0 + 1], penalty: numbers[$0 + 2],
        iterations: 1)
    }
  }

  @Test("the corner of a deblurring problem lies at row 60, one row allowed")
  func corner() throws {
    let trials = try Self.trials()
    let corner = try #require(LCurve.corner(trials))
    let row = try #require(trials.firstIndex { $0.lambda == corner })
    #expect(abs(row - 60) <= 1)
  }

  @Test("few trials, in any order, find the same corner within a factor of 2.5", arguments: 0..<8)
  func fewTrials(offset: Int) throws {
    let all = try Self.trials()
    let few = stride(from: offset, to: all.count, by: 8).map { all[$0] }.reversed()
    let corner = try #require(LCurve.corner(Array(few)))
    #expect(corner > 0.175 / 2.5 && corner < 0.175 * 2.5)
  }

  @Test("a line has no corner, and four trials are too few")
  func noCorner() throws {
    let line = (0..<10).map {
      LambdaTrial(
        lambda: exp(Double($0)), mu: 1, residual: exp(Double($0)), penalty: exp(-Double($0)),
        iterations: 1)
    }
    #expect(LCurve.corner(line) == nil)
    #expect(LCurve.corner(Array(try Self.trials().prefix(4))) == nil)
  }
}
