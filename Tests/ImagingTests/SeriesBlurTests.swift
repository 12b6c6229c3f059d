import Fields
import Imaging
import Operators
import TestSupport
import Testing

@Suite("The blur of a tilt series")
struct SeriesBlurTests {
  private static let lopsided: [Double] = [0, 1, 0, 0, 0, 1, 6, 4, 1, 0.5, 0, 3, 2, 0, 0]

  private static func measured(_ scale: Double = 1 / 18.5) throws -> PointSpread {
    try PointSpread(lopsided.map { $0 * scale }, on: Grid(rowCount: 3, columnCount: 5))
  }

  enum Kind: CaseIterable { case narrow, wide, measured, perTilt }

  private func spreads(_ kind: Kind, tilts: Int) throws -> [PointSpread] {
    switch kind {
    case .narrow: [try PointSpread(gaussian: [0, 1.5, 0.8])]
    case .wide: [try PointSpread(gaussian: [0, 5, 5])]
    case .measured: [try Self.measured()]
    case .perTilt:
      try (0..<tilts).map { try PointSpread(gaussian: [0, 0.5 + Double($0), 1]) }
    }
  }

  /// Values at true slices, zero in padding lanes.
  private func field(_ shape: SlabShape, seed: UInt64) -> FloatStorage {
    var field = FloatStorage(zeros: shape.count)
    let values = noise(count: shape.valueCount, seed: seed)
    var i = 0
    var target = field.mutableSpan
    for slice in 0..<shape.sliceCount {
      for page in 0..<shape.pageCount {
        for position in 0..<shape.positionCount {
          target[shape.index(slice: slice, page: page, position: position)] = values.span[i]
          i += 1
        }
      }
    }
    return field
  }

  @Test("Every page is blurred as a picture of its own", arguments: Kind.allCases, [1, 7, 40])
  func pages(kind: Kind, slices: Int) throws {
    let shape = SlabShape(sliceCount: slices, pageCount: 3, positionCount: 21)
    let spreads = try spreads(kind, tilts: 3)
    let x = field(shape, seed: 1)
    var y = FloatStorage(repeating: 7, count: shape.count)
    SeriesBlur(spreads, of: shape).apply(x.span, into: y.mutableSpan)
    let map = PageMap(shape, axis: .y)
    var expected = FloatStorage(zeros: shape.count)
    for page in 0..<3 {
      var picture = FloatStorage(zeros: slices * 21)
      var blurred = picture
      var pixels = picture.mutableSpan
      map.take(page: page, from: x.span, into: &pixels)
      FieldBlur(
        spreads[page % spreads.count], on: Grid(rowCount: slices, columnCount: 21),
        ends: .reflecting
      ).apply(picture.span, into: blurred.mutableSpan)
      var target = expected.mutableSpan
      map.place(blurred.span, page: page, into: &target)
    }
    #expect(relativeError(of: y.span, against: expected.span) < 1e-6)
  }

  @Test("The adjoint is exact", arguments: Kind.allCases)
  func adjoint(kind: Kind) throws {
    let shape = SlabShape(sliceCount: 35, pageCount: 3, positionCount: 12)
    let blur = SeriesBlur(try spreads(kind, tilts: 3), of: shape)
    #expect(
      blur.adjointMismatch(field(shape, seed: 2).span, field(shape, seed: 3).span) < 1e-6)
  }

  @Test("Some of the tilts are blurred as among all", arguments: Kind.allCases)
  func subset(kind: Kind) throws {
    let shape = SlabShape(sliceCount: 5, pageCount: 3, positionCount: 12)
    let whole = SeriesBlur(try spreads(kind, tilts: 3), of: shape)
    let x = field(shape, seed: 4)
    var y = FloatStorage(zeros: shape.count)
    whole.apply(x.span, into: y.mutableSpan)
    var picked = FloatStorage(zeros: 2 * shape.pageLength)
    for (place, tilt) in [2, 0].enumerated() {
      picked.replace(
        from: place * shape.pageLength, with: x,
        tilt * shape.pageLength..<(tilt + 1) * shape.pageLength)
    }
    var blurred = FloatStorage(zeros: picked.count)
    whole.subset(of: [2, 0]).apply(picked.span, into: blurred.mutableSpan)
    for (place, tilt) in [2, 0].enumerated() {
      for i in 0..<shape.pageLength {
        let (found, expected) = (
          blurred.span[place * shape.pageLength + i], y.span[tilt * shape.pageLength + i]
        )
        #expect(abs(found - expected) < 1e-5)
      }
    }
  }

  @Test("What is the same in all slices stays so, and one slice tells what becomes of it")
  func constantAlongSlices() throws {
    let shape = SlabShape(sliceCount: 40, pageCount: 2, positionCount: 15)
    let blur = SeriesBlur([try Self.measured()], of: shape)
    let line = noise(count: 30, seed: 5)
    var x = FloatStorage(zeros: shape.count)
    var values = x.mutableSpan
    for slice in 0..<40 {
      for i in 0..<30 {
        values[shape.index(slice: slice, page: i / 15, position: i % 15)] = line.span[i]
      }
    }
    var (y, one) = (FloatStorage(zeros: shape.count), FloatStorage(zeros: 30))
    blur.apply(x.span, into: y.mutableSpan)
    blur.oneSlice.apply(line.span, into: one.mutableSpan)
    for slice in [0, 17, 39] {
      for i in 0..<30 {
        let found = y.span[shape.index(slice: slice, page: i / 15, position: i % 15)]
        #expect(abs(found - one.span[i]) < 1e-5)
      }
    }
  }

  @Test(
    "Sums over measurements grow near the ends by the factor that is told, where a spread is lopsided"
  )
  func gain() throws {
    let shape = SlabShape(sliceCount: 20, pageCount: 1, positionCount: 9)
    let spread = try PointSpread([0, 1, 3, 2], on: Grid(rowCount: 4, columnCount: 1))
    let blur = SeriesBlur([spread], of: shape)
    let ones = field(shape) { _ in 1 }
    var sums = FloatStorage(zeros: shape.count)
    blur.applyAdjoint(ones.span, into: sums.mutableSpan)
    let largest = (0..<20).map {
      sums.span[shape.index(slice: $0, page: 0, position: 4)] / 6
    }.max()
    #expect(abs(try #require(largest) - blur.gainAtEnds) < 1e-5)
    #expect(blur.gainAtEnds > 1.1)
    #expect(SeriesBlur([try PointSpread(gaussian: [0, 2, 2])], of: shape).gainAtEnds == 1)
  }

  private func field(_ shape: SlabShape, _ value: (Int) -> Float) -> FloatStorage {
    var field = FloatStorage(zeros: shape.count)
    var target = field.mutableSpan
    for slice in 0..<shape.sliceCount {
      for page in 0..<shape.pageCount {
        for position in 0..<shape.positionCount {
          target[shape.index(slice: slice, page: page, position: position)] = value(slice)
        }
      }
    }
    return field
  }

  @Test("A point spread is turned as pictures are whose tilt axis runs along the rows")
  func turned() throws {
    // Pictures: 6 rows of bins, 5 columns of slices.
    let spread = try Self.measured()
    var picture = FloatStorage(zeros: 30)
    var pixels = picture.mutableSpan
    pixels[2 * 5 + 2] = 1
    var blurred = FloatStorage(zeros: 30)
    FieldBlur(spread, on: Grid(rowCount: 6, columnCount: 5), ends: .reflecting)
      .apply(picture.span, into: blurred.mutableSpan)
    let shape = SlabShape(sliceCount: 5, pageCount: 1, positionCount: 6)
    let map = PageMap(shape, axis: .x)
    var (x, y, expected) = (
      FloatStorage(zeros: shape.count), FloatStorage(zeros: shape.count),
      FloatStorage(zeros: shape.count)
    )
    var target = x.mutableSpan
    map.place(picture.span, page: 0, into: &target)
    SeriesBlur([spread.turned], of: shape).apply(x.span, into: y.mutableSpan)
    var place = expected.mutableSpan
    map.place(blurred.span, page: 0, into: &place)
    #expect(relativeError(of: y.span, against: expected.span) < 1e-6)
    #expect(spread.turned.turned.turned.turned == spread)
  }
}
