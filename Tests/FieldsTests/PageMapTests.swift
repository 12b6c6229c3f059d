import Fields
import TestSupport
import Testing

@Suite("PageMap")
struct PageMapTests {
  @Test("a page placed and taken again is unchanged", arguments: TiltAxis.allCases, [1, 7, 33])
  func roundTrip(axis: TiltAxis, sliceCount: Int) {
    let map = PageMap(
      SlabShape(sliceCount: sliceCount, pageCount: 3, positionCount: 5), axis: axis)
    let picture = noise(count: map.rowCount * map.columnCount, seed: 3)
    var field = FloatStorage(zeros: map.shape.count)
    var values = field.mutableSpan
    map.place(picture.span, page: 1, into: &values)
    var back = FloatStorage(zeros: picture.count)
    var pixels = back.mutableSpan
    map.take(page: 1, from: field.span, into: &pixels)
    #expect(relativeError(of: back.span, against: picture.span) == 0)
  }

  @Test("a horizontal tilt axis turns the picture by 90° clockwise")
  func rotation() {
    // 2 rows × 3 columns; the tilt axis points right, so column = slice and s runs upwards.
    let shape = SlabShape(sliceCount: 3, pageCount: 1, positionCount: 2)
    var field = FloatStorage(zeros: shape.count)
    var values = field.mutableSpan
    PageMap(shape, axis: .x).place(FloatStorage([1, 2, 3, 4, 5, 6]).span, page: 0, into: &values)
    #expect(field.span[shape.index(slice: 0, page: 0, position: 0)] == 4)
    #expect(field.span[shape.index(slice: 2, page: 0, position: 1)] == 3)
  }
}
