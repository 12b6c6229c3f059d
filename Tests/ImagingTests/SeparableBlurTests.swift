import Fields
import Imaging
import Operators
import TestSupport
import Testing

@Suite struct SeparableBlurTests {
  private func shape(_ rows: Int, _ columns: Int) -> SlabShape {
    SlabShape(sliceCount: rows, pageCount: 1, positionCount: columns)
  }

  private func field(_ pixels: FloatStorage, _ shape: SlabShape) -> FloatStorage {
    var field = FloatStorage(zeros: shape.count)
    var values = field.mutableSpan
    PageMap(shape, axis: .y).place(pixels.span, page: 0, into: &values)
    return field
  }

  @Test(
    "Direct sums are the convolution by Fourier transforms",
    arguments: Ends.allCases, [(1, 30), (5, 7), (33, 20), (70, 41)])
  func convolution(ends: Ends, size: (rows: Int, columns: Int)) throws {
    let spread = try PointSpread(gaussian: [0, 1.5, 0.8])
    let shape = shape(size.rows, size.columns)
    let blur = try #require(SeparableBlur(spread, of: shape, ends: ends))
    let pixels = noise(count: size.rows * size.columns, seed: 1)
    var expected = FloatStorage(zeros: pixels.count)
    FieldBlur(spread, on: Grid(rowCount: size.rows, columnCount: size.columns), ends: ends)
      .apply(pixels.span, into: expected.mutableSpan)
    var blurred = FloatStorage(repeating: 7, count: shape.count)
    let source = field(pixels, shape)
    blur.apply(source.span, into: blurred.mutableSpan)
    let target = field(expected, shape)
    #expect(relativeError(of: blurred.span, against: target.span) < 1e-6)
  }

  @Test("It is its own adjoint", arguments: Ends.allCases)
  func adjoint(ends: Ends) throws {
    let shape = shape(35, 12)
    let blur = try #require(
      SeparableBlur(try PointSpread(gaussian: [0, 1, 2]), of: shape, ends: ends))
    let x = field(noise(count: 35 * 12, seed: 2), shape)
    let y = field(noise(count: 35 * 12, seed: 3), shape)
    #expect(blur.adjointMismatch(x.span, y.span) < 1e-6)
    #expect(abs(blur.absoluteSums().rows[0] - 1) < 1e-6)
  }

  @Test("Spreads that are lopsided, oblique or wide are left to Fourier transforms")
  func others() throws {
    let shape = shape(40, 40)
    let lopsided = try PointSpread([1, 2, 4], on: Grid(rowCount: 1, columnCount: 3))
    let oblique = try PointSpread(
      [0, 1, 0, 1, 4, 1, 0, 1, 0], on: Grid(rowCount: 3, columnCount: 3))
    for spread in [lopsided, oblique, try PointSpread(gaussian: [0, 5, 5])] {
      #expect(SeparableBlur(spread, of: shape, ends: .zero) == nil)
    }
  }
}
