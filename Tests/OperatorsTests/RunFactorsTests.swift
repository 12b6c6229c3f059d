import Fields
import Operators
import Testing

@Suite("RunFactors")
struct RunFactorsTests {
  /// Two pages of three positions, eight lanes: six runs a slab.
  let shape = SlabShape(sliceCount: 12, pageCount: 2, positionCount: 3, laneCount: 8)

  @Test("each run finds its factor, the same in every slab")
  func runs() {
    let factors = RunFactors(FloatStorage((1...6).map(Float.init)), laneCount: 8)
    for i in 0..<shape.count {
      #expect(factors[i] == Float(i / 8 % 6 + 1))
    }
    #expect(factors.mean == 3.5)
    #expect(factors.map { 2 * $0 }[8] == 4)
  }

  @Test("one factor a page is the factor of all its positions")
  func pages() {
    let factors = RunFactors(perPage: [2, 3], shape)
    for slice in 0..<12 {
      for page in 0..<2 {
        for position in 0..<3 {
          let i = shape.index(slice: slice, page: page, position: position)
          #expect(factors[i] == Float(2 + page))
        }
      }
    }
  }

  @Test("a uniform factor and pieces of any range multiply the same floats")
  func pieces() {
    var field = FloatStorage(repeating: 1, count: shape.count)
    RunFactors(uniform: 5).multiply(&field)
    RunFactors(FloatStorage((1...6).map(Float.init)), laneCount: 8).multiply(&field)
    for i in 0..<shape.count { #expect(field.span[i] == Float(5 * (i / 8 % 6 + 1))) }
    let factors = RunFactors(FloatStorage([1, 2, 3]), laneCount: 4)
    var seen: [Float] = []
    factors.forEachPiece(of: 6..<19) { piece, factor in
      for i in piece { seen.append(factor == factors[i] ? factor : -1) }
    }
    #expect(seen == (6..<19).map { factors[$0] })
  }
}

@Suite("LinearOperator")
struct SquaredNormTests {
  struct Diagonal: LinearOperator {
    var domainCount: Int { 5 }
    var rangeCount: Int { 5 }
    func apply(_ x: Span<Float>, into y: consuming MutableSpan<Float>) {
      for i in 0..<5 { y[i] = Float(i + 1) * x[i] }
    }
    func applyAdjoint(_ y: Span<Float>, into x: consuming MutableSpan<Float>) {
      apply(y, into: x)
    }
  }

  @Test("power iteration finds the largest factor of a diagonal, from below")
  func norm() {
    let norm = Diagonal().squaredNorm()
    #expect(norm <= 25 * (1 + 1e-6) && norm > 24.9)
  }
}
