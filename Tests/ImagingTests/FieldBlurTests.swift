import Fields
import Foundation
import Imaging
import Operators
import TestSupport
import Testing

@Suite("FieldBlur")
struct FieldBlurTests {
  @Test("a lopsided spread blurs and correlates as sums in real space", arguments: Ends.allCases)
  func golden(ends: Ends) throws {
    let values = try goldenDoubles("blur.f64", in: .module)
    let grid = Grid(planeCount: 3, rowCount: 7, columnCount: 10)
    let part = Grid(planeCount: 3, rowCount: 4, columnCount: 5)
    let x = Array(values[..<grid.count])
    let spread = try PointSpread(
      Array(values[grid.count..<grid.count + part.count]), on: part, origin: [1, 2, 1])
    let blur = FieldBlur(spread, on: grid, ends: ends)
    let place = try #require(Ends.allCases.firstIndex(of: ends))
    let first = grid.count + part.count + 2 * place * grid.count
    var (y, back) = (x, x)
    blur.apply(x.span, into: y.mutableSpan)
    blur.applyAdjoint(x.span, into: back.mutableSpan)
    for i in 0..<grid.count {
      #expect(abs(y[i] - values[first + i]) < 1e-12)
      #expect(abs(back[i] - values[first + grid.count + i]) < 1e-12)
    }
  }

  @Test(
    "the adjoint is the transpose, to 1e-10 in double and 1e-5 in single precision",
    arguments: Ends.allCases, [(1, 1, 33), (1, 16, 15), (4, 9, 8), (1, 5, 7)])
  func adjoint(ends: Ends, size: (Int, Int, Int)) throws {
    let grid = Grid(planeCount: size.0, rowCount: size.1, columnCount: size.2)
    let sigmas = [size.0, size.1, size.2].map { $0 > 1 ? 1.3 : 0 }
    let blur = FieldBlur(try PointSpread(gaussian: sigmas), on: grid, ends: ends)
    let (x, y) = (noise(count: grid.count, seed: 3), noise(count: grid.count, seed: 4))
    #expect(blur.adjointMismatch(x.span, y.span) < 1e-5)
    let (a, b) = (doubles(x), doubles(y))
    var (forward, backward) = (a, b)
    blur.apply(a.span, into: forward.mutableSpan)
    blur.applyAdjoint(b.span, into: backward.mutableSpan)
    let (left, right) = (inner(forward, b), inner(a, backward))
    #expect(abs(left - right) < 1e-10 * (inner(forward, forward) * inner(b, b)).squareRoot())
  }

  @Test("a step along the adjoint is the adjoint, scaled, taken away and clipped")
  func step() throws {
    let grid = Grid(rowCount: 9, columnCount: 12)
    let blur = FieldBlur(try PointSpread(gaussian: [0, 1, 2]), on: grid, ends: .reflecting)
    let (start, y) = (noise(count: grid.count, seed: 5), noise(count: grid.count, seed: 6))
    var pulled = FloatStorage(zeros: grid.count)
    blur.applyAdjoint(y.span, into: pulled.mutableSpan)
    var x = start
    blur.stepAlongAdjoint(
      y.span, from: x.mutableSpan, steps: RunFactors(uniform: 0.5), clippedTo: 0...0.25)
    for i in 0..<grid.count {
      let expected = min(max(start.span[i] - 0.5 * pulled.span[i], 0), 0.25)
      let error = abs(x.span[i] - expected)
      #expect(error < 1e-6)
    }
  }

  @Test("where ends reflect or repeat, a constant stays what it is", arguments: Ends.allCases)
  func constant(ends: Ends) throws {
    let grid = Grid(rowCount: 6, columnCount: 11)
    let blur = FieldBlur(try PointSpread(gaussian: [0, 3, 3]), on: grid, ends: ends)
    let ones = [Double](repeating: 1, count: grid.count)
    var y = ones
    blur.apply(ones.span, into: y.mutableSpan)
    for value in y { #expect(ends == .zero ? value < 0.95 : abs(value - 1) < 1e-12) }
  }

  @Test("any number of threads gives the same bytes")
  func threads() throws {
    let grid = Grid(rowCount: 65, columnCount: 70)
    let x = noise(count: grid.count, seed: 8)
    let results = try [1, 3].map { count in
      var y = FloatStorage(zeros: grid.count)
      FieldBlur(
        try PointSpread(gaussian: [0, 2, 2]), on: grid, ends: .zero, workers: Workers(count)
      ).apply(x.span, into: y.mutableSpan)
      return y
    }
    #expect(areIdentical(results[0], results[1]))
  }

  @Test("the sums that solvers ask for bound those of the matrix", arguments: Ends.allCases)
  func sums(ends: Ends) throws {
    let spread = try PointSpread(
      [0.1, 0.7, -0.2, 0.4], on: Grid(rowCount: 1, columnCount: 4), origin: [0, 0, 0])
    let blur = FieldBlur(spread, on: Grid(rowCount: 1, columnCount: 6), ends: ends)
    var columns = [Double](repeating: 0, count: 6)
    for j in 0..<6 {
      var (unit, image) = ([Double](repeating: 0, count: 6), columns)
      unit[j] = 1
      blur.apply(unit.span, into: image.mutableSpan)
      columns[j] = image.reduce(0) { $0 + abs($1) }
    }
    let bound = Double(blur.absoluteSums().columns[0])
    #expect(columns.allSatisfy { $0 <= bound + 1e-6 })
  }
}

/// The same values in double precision.
func doubles(_ x: FloatStorage) -> [Double] { (0..<x.count).map { Double(x.span[$0]) } }

func inner(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
