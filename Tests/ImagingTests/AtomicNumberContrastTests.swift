import Fields
import Imaging
import Operators
import TestSupport
import Testing

@Suite("AtomicNumberContrast")
struct AtomicNumberContrastTests {
  @Test("twice the atomic number is 2^γ times as bright")
  func doubled() throws {
    let grid = Grid(rowCount: 6, columnCount: 5)
    let blur = FieldBlur(try PointSpread(gaussian: [0, 1, 1]), on: grid, ends: .reflecting)
    let model = try AtomicNumberContrast(blur, exponent: 1.7, scale: 3)
    var (one, two) = (FloatStorage(zeros: grid.count), FloatStorage(zeros: grid.count))
    model.apply(FloatStorage(repeating: 1, count: grid.count).span, into: one.mutableSpan)
    model.apply(FloatStorage(repeating: 2, count: grid.count).span, into: two.mutableSpan)
    #expect(abs(one.span[7] - 3) < 1e-5)
    #expect(abs(two.span[7] / one.span[7] - 3.2490096) < 1e-5)
  }

  @Test("the adjoint of the derivative meets finite differences", arguments: [Float(1), 1.7, 2])
  func gradient(exponent: Float) throws {
    let grid = Grid(rowCount: 9, columnCount: 8)
    let blur = FieldBlur(try PointSpread(gaussian: [0, 1.5, 1]), on: grid, ends: .zero)
    let model = try AtomicNumberContrast(blur, exponent: exponent)
    let z = FloatStorage((0..<grid.count).map { 1.5 + noise(count: grid.count, seed: 1).span[$0] })
    let (d, y) = (noise(count: grid.count, seed: 2), noise(count: grid.count, seed: 3))
    func moved(_ step: Float) -> FloatStorage {
      var image = FloatStorage(zeros: grid.count)
      let point = FloatStorage((0..<grid.count).map { z.span[$0] + step * d.span[$0] })
      model.apply(point.span, into: image.mutableSpan)
      return image
    }
    let (ahead, behind) = (moved(0.02), moved(-0.02))
    let difference = FloatStorage(
      (0..<grid.count).map { (ahead.span[$0] - behind.span[$0]) / 0.04 })
    var pulled = FloatStorage(zeros: grid.count)
    model.applyDerivativeAdjoint(y.span, at: z.span, into: pulled.mutableSpan)
    let left = inner(doubles(difference), doubles(y))
    let right = inner(doubles(d), doubles(pulled))
    #expect(abs(left - right) < 1e-3 * max(abs(left), 0.1))
  }

  @Test("exponents that no detector has are refused")
  func refused() throws {
    let blur = FieldBlur(
      try PointSpread(gaussian: [0, 1, 1]), on: Grid(rowCount: 4, columnCount: 4), ends: .zero)
    #expect(throws: BlurError.exponent(4)) { try AtomicNumberContrast(blur, exponent: 4) }
    #expect(throws: BlurError.scale(0)) { try AtomicNumberContrast(blur, scale: 0) }
  }
}
