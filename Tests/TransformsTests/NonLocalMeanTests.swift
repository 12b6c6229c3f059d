import Fields
import Foundation
import Operators
import TestSupport
import Testing
import Transforms

@Suite("NonLocalMean")
struct NonLocalMeanTests {
  /// As `make_nonlocal.py` has it.
  static func guide(_ shape: SlabShape) -> FloatStorage {
    var field = FloatStorage(zeros: shape.count)
    var span = field.mutableSpan
    for y in 0..<shape.sliceCount {
      for z in 0..<shape.pageCount {
        for x in 0..<shape.positionCount {
          let value = Float((3 * x + 5 * z + 7 * y + x * z) % 11) / 8
          span[shape.index(slice: y, page: z, position: x)] = value
        }
      }
    }
    return field
  }

  static func mean(
    _ shape: SlabShape, _ reach: SlabGradient.Reach, radius: Int? = nil, workers: Int = 2
  ) -> NonLocalMean {
    NonLocalMean(
      guide: guide(shape), shape, strength: 0.4, .init(shape, reach: reach, radius: radius),
      workers: Workers(workers))
  }

  /// Places of all voxels, in the order `[y][z][x]`.
  static func places(_ shape: SlabShape) -> [Int] {
    (0..<shape.sliceCount).flatMap { y in
      (0..<shape.pageCount).flatMap { z in
        (0..<shape.positionCount).map { shape.index(slice: y, page: z, position: $0) }
      }
    }
  }

  /// The field with zeros in padding.
  static func inside(_ field: FloatStorage, _ shape: SlabShape) -> FloatStorage {
    var found = FloatStorage(zeros: shape.count)
    var span = found.mutableSpan
    for place in places(shape) { span[place] = field.span[place] }
    return found
  }

  /// `W`, column by column.
  static func columns(_ mean: NonLocalMean, _ shape: SlabShape) -> [[Float]] {
    let places = places(shape)
    return places.map { place in
      var unit = FloatStorage(zeros: shape.count)
      var span = unit.mutableSpan
      span[place] = 1
      var image = FloatStorage(repeating: .nan, count: shape.count)
      mean.apply(unit.span, into: image.mutableSpan)
      return places.map { image.span[$0] }
    }
  }

  static let cases: [(SlabShape, SlabGradient.Reach, radius: Int?)] = [
    (SlabShape(sliceCount: 3, pageCount: 5, positionCount: 4), .space, nil),
    (SlabShape(sliceCount: 3, pageCount: 5, positionCount: 4), .slice, 3),
    (SlabShape(sliceCount: 1, pageCount: 6, positionCount: 7), .space, nil),
  ]

  @Test("the matrix is that of dense float64 code, symmetric, with rows that sum to 1")
  func dense() throws {
    let expected = try goldenDoubles("nonlocal.f64", in: .module)
    var start = 0
    for (shape, reach, radius) in Self.cases {
      let found = Self.columns(Self.mean(shape, reach, radius: radius), shape)
      let n = found.count
      for i in 0..<n {
        #expect(abs(found.reduce(0) { $0 + Double($1[i]) } - 1) < 1e-6)
        for j in 0..<n {
          #expect(abs(found[j][i] - found[i][j]) < 1e-6)
          #expect(abs(Double(found[j][i]) - expected[start + i * n + j]) < 2e-6)
        }
      }
      start += n * n
    }
    #expect(start == expected.count)
  }

  @Test("eigenvalues lie in [0, 1], so that no field grows and none is turned around")
  func eigenvalues() {
    // Gershgorin bounds rows that sum to 1 above; ⟨x, W x⟩ of rough fields below.
    for (shape, reach, radius) in Self.cases {
      let mean = Self.mean(shape, reach, radius: radius)
      for seed in 0..<20 {
        var x = Self.inside(noise(count: shape.count, seed: UInt64(seed)), shape)
        // Repeated I − W leaves the eigenvectors of the smallest eigenvalues.
        var y = FloatStorage(zeros: shape.count)
        for _ in 0..<10 {
          mean.apply(x.span, into: y.mutableSpan)
          var rough = x.mutableSpan
          for i in rough.indices { rough[i] -= y.span[i] }
        }
        mean.apply(x.span, into: y.mutableSpan)
        let (form, square) = (dot(x.span, y.span), dot(x.span, x.span))
        #expect(form > -1e-6 * square && form <= square && dot(y.span, y.span) <= square)
      }
    }
  }

  @Test(
    "volumes of several slabs, bands and boxes: symmetric, constants stay, workers do not matter",
    arguments: SlabGradient.Reach.allCases, [1, 9, 40])
  func large(reach: SlabGradient.Reach, slices: Int) {
    let shape = SlabShape(sliceCount: slices, pageCount: 35, positionCount: 67)
    let mean = Self.mean(shape, reach)
    let x = Self.inside(noise(count: shape.count, seed: 1), shape)
    let y = Self.inside(noise(count: shape.count, seed: 2), shape)
    let ones = Self.inside(FloatStorage(repeating: 1, count: shape.count), shape)
    #expect(mean.adjointMismatch(x.span, y.span) < 1e-6)
    var image = FloatStorage(repeating: .nan, count: shape.count)
    mean.apply(ones.span, into: image.mutableSpan)
    #expect((0..<shape.count).allSatisfy { abs(image.span[$0] - ones.span[$0]) < 2e-6 })
    mean.apply(x.span, into: image.mutableSpan)
    var alone = FloatStorage(repeating: .nan, count: shape.count)
    Self.mean(shape, reach, workers: 1).apply(x.span, into: alone.mutableSpan)
    #expect(areIdentical(image, alone))
    // Half of the noise and more is gone.
    #expect(dot(image.span, image.span) < 0.5 * dot(x.span, x.span))
  }
}
