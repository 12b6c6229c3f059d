import Fields
import Imaging
import Operators
import Fusion
import TestSupport
import Testing

@Suite struct ShiftedViewTests {
  private func shape(_ rows: Int) -> SlabShape {
    SlabShape(sliceCount: rows, pageCount: 1, positionCount: 12)
  }

  private func probe(_ shape: SlabShape, seed: UInt64) -> FloatStorage {
    let count = shape.sliceCount * shape.positionCount
    var field = FloatStorage(zeros: shape.count)
    var values = field.mutableSpan
    PageMap(shape, axis: .y).place(noise(count: count, seed: seed).span, page: 0, into: &values)
    return field
  }

  private func seen(
    _ pixels: [Float], rows: Int, right: Double, down: Double, cell: Int = 1
  ) -> [Float] {
    let image = Image(pixels, columnCount: pixels.count / rows)
    let shape = SlabShape(
      sliceCount: rows, pageCount: 1, positionCount: image.columnCount)
    var field = FloatStorage(zeros: shape.count)
    var values = field.mutableSpan
    PageMap(shape, axis: .y).place(image.pixels.span, page: 0, into: &values)
    let view = ShiftedView(
      PlainView(shape.count), of: shape, right: right, down: down, cell: cell)
    var result = FloatStorage(zeros: shape.count)
    view.apply(field.span, into: result.mutableSpan)
    return Image(result.span, shape).pixels
  }

  @Test("Whole pixels are copied bit by bit, and what lies beyond the field is nothing")
  func whole() {
    let x: [Float] = [0.1, 0.2, 0.3, 1.1, 1.2, 1.3, 2.1, 2.2, 2.3]
    #expect(seen(x, rows: 3, right: 1, down: 0) == [0, 0.1, 0.2, 0, 1.1, 1.2, 0, 2.1, 2.2])
    #expect(seen(x, rows: 3, right: -1, down: 2) == [0, 0, 0, 0, 0, 0, 0.2, 0.3, 0])
    #expect(seen(x, rows: 3, right: 0, down: 0) == x)
  }

  @Test("Between pixels both neighbours count by what the shifted pixel covers of them")
  func between() {
    // The pixel that looks at 0.25 of its left neighbour and 0.75 of its own place.
    #expect(seen([4, 8, 16], rows: 1, right: 0.25, down: 0) == [0, 7, 14])
    #expect(seen([4, 8, 16], rows: 1, right: -0.25, down: 0) == [5, 10, 0])
    #expect(seen([4, 8, 16], rows: 3, right: 0, down: 0.5) == [0, 6, 12])
  }

  @Test("Of cells that look beyond the field in part nothing is left")
  func cells() {
    let x: [Float] = [1, 2, 3, 4, 5, 6, 7, 8]
    #expect(seen(x + x, rows: 2, right: 1, down: 0, cell: 2).prefix(8) == [0, 0, 2, 3, 4, 5, 6, 7])
    #expect(seen(x + x, rows: 2, right: 0, down: 1, cell: 2).allSatisfy { $0 == 0 })
  }

  @Test(
    "The view and its adjoint agree, blurred or not", arguments: [1, 7, 33],
    [(0.0, 2.0), (-1.3, 0.6)])
  func adjoint(rows: Int, shift: (Double, Double)) throws {
    let shape = shape(rows)
    let blur = PictureBlur(
      FieldBlur(
        try PointSpread(gaussian: [0, 1.5, 1.5]), on: Grid(rowCount: rows, columnCount: 12),
        ends: .reflecting), shape: shape)
    let (x, y) = (probe(shape, seed: 1), probe(shape, seed: 2))
    let models: [any LinearOperator] = [PlainView(shape.count), blur]
    for model in models {
      let view = ShiftedView(model, of: shape, right: shift.0, down: min(shift.1, Double(rows - 1)))
      #expect(view.adjointMismatch(x.span, y.span) < 1e-5)
    }
  }

  @Test("Sums of entries are bounded by those of what is seen")
  func bounds() {
    let shape = shape(9)
    let view = ShiftedView(PlainView(shape.count), of: shape, right: 0.4, down: -0.7)
    let ones = FloatStorage(repeating: 1, count: shape.count)
    var (rows, columns) = (ones, ones)
    view.apply(ones.span, into: rows.mutableSpan)
    view.applyAdjoint(ones.span, into: columns.mutableSpan)
    let sums = view.absoluteSums()
    #expect(rows.values.max() ?? 0 <= sums.rows.largest * 1.00001)
    #expect(columns.values.max() ?? 0 <= sums.columns.largest * 1.00001)
    #expect(rows.values.max() ?? 0 > 0.999)
  }
}
