import Fields
import Operators
import TestSupport
import Testing
import Transforms

@Suite("Wavelets")
struct SlabWaveletTests {
  /// Noise in true slices, zero in padding.
  func volume(_ shape: SlabShape, seed: UInt64) -> FloatStorage {
    let values = noise(count: shape.count, seed: seed)
    return FloatStorage(
      (0..<shape.count).map { i in
        let slice = i / shape.slabLength * shape.laneCount + i % shape.laneCount
        return slice < shape.sliceCount ? values.span[i] : 0
      })
  }

  @Test("Σ h = √2, and h is orthogonal to its even shifts", arguments: Wavelet.allCases)
  func orthogonality(wavelet: Wavelet) {
    let (h, g) = (wavelet.lowPass, wavelet.highPass)
    #expect(h.count == 2 * wavelet.rawValue)
    #expect(abs(h.reduce(0, +) - 2.0.squareRoot()) < 1e-14)
    for m in 0..<wavelet.rawValue {
      let shifted = 2 * m..<h.count
      let (hh, gg) = shifted.reduce((0.0, 0.0)) {
        ($0.0 + h[$1] * h[$1 - 2 * m], $0.1 + g[$1] * g[$1 - 2 * m])
      }
      #expect(abs(hh - (m == 0 ? 1 : 0)) < 1e-14 && abs(gg - (m == 0 ? 1 : 0)) < 1e-14)
    }
  }

  @Test("details of polynomials vanish up to the wavelet's order", arguments: Wavelet.allCases)
  func moments(wavelet: Wavelet) {
    for power in 0..<wavelet.rawValue {
      let moment = wavelet.highPass.enumerated().reduce(0.0) { sum, tap in
        let place = Double(tap.offset) / Double(wavelet.lowPass.count)
        return sum + tap.element * (0..<power).reduce(1.0) { product, _ in product * place }
      }
      #expect(abs(moment) < 1e-13)
    }
  }

  @Test(
    "synthesis undoes analysis, and neither changes a length",
    arguments: [1, 7, 33, 48], [Wavelet.haar, .db3, .db8])
  func reconstruction(slices: Int, wavelet: Wavelet) {
    let shape = SlabShape(sliceCount: slices, pageCount: 24, positionCount: 40)
    let transform = SlabWavelet(shape, wavelet: wavelet, levels: 3, workers: Workers(2))
    #expect(transform.levels == (wavelet == .db8 ? 2 : 3))
    let v = volume(shape, seed: 1)
    var coefficients = v
    transform.analyse(&coefficients)
    let (before, after) = (dot(v.span, v.span), dot(coefficients.span, coefficients.span))
    #expect(abs(before - after) < 1e-5 * before)
    #expect(relativeError(of: coefficients.span, against: v.span) > 0.5)
    transform.synthesise(&coefficients)
    #expect(relativeError(of: coefficients.span, against: v.span) < 1e-6)
  }

  @Test("one level of Haar along each axis is sums and differences of neighbours over √2")
  func haar() {
    // Three axes, as x, z and y: 8 corners of a cube become one sum and seven differences.
    let shape = SlabShape(sliceCount: 2, pageCount: 2, positionCount: 2)
    var field = FloatStorage(zeros: shape.count)
    for i in 0..<8 {
      var span = field.mutableSpan
      span[shape.index(slice: i / 4, page: i / 2 % 2, position: i % 2)] = Float(i * i)
    }
    SlabWavelet(shape, wavelet: .haar).analyse(&field)
    for i in 0..<8 {
      let expected = (0..<8).reduce(0.0) { sum, j in
        // A bit that is set in both turns the sign: high-pass (h₁, −h₀).
        sum + Double(j * j) * ((i & j).nonzeroBitCount.isMultiple(of: 2) ? 1 : -1)
      }
      let value = field.span[shape.index(slice: i / 4, page: i / 2 % 2, position: i % 2)]
      #expect(abs(Double(value) - expected / 8.0.squareRoot()) < 1e-5)
    }
  }

  @Test("slices are not mixed where slices are transformed by themselves")
  func slices() {
    let shape = SlabShape(sliceCount: 16, pageCount: 16, positionCount: 16)
    let transform = SlabWavelet(shape, levels: 2, reach: .slice)
    #expect(transform.splitAxisCount == 2)
    var field = FloatStorage(zeros: shape.count)
    for i in 0..<16 {
      var span = field.mutableSpan
      span[shape.index(slice: 5, page: i, position: i)] = 1
    }
    transform.analyse(&field)
    let outside = (0..<shape.count).allSatisfy { $0 % 32 == 5 || field.span[$0] == 0 }
    #expect(outside)
  }

  @Test("padding lanes stay zero, and the number of workers changes no bit")
  func workers() {
    let shape = SlabShape(sliceCount: 44, pageCount: 16, positionCount: 12)
    let v = volume(shape, seed: 2)
    let results = [1, 2, 5].map { count in
      var field = v
      SlabWavelet(shape, wavelet: .db2, workers: Workers(count)).analyse(&field)
      return field
    }
    let (one, two, five) = (results[0], results[1], results[2])
    #expect(relativeError(of: two.span, against: one.span) == 0)
    #expect(relativeError(of: five.span, against: one.span) == 0)
    let padding = (shape.slabLength..<shape.count).allSatisfy {
      $0 % 32 < 12 || one.span[$0] == 0
    }
    #expect(padding)
  }

  @Test("projection clips details and drops the last low-pass corner")
  func projection() {
    let shape = SlabShape(sliceCount: 4, pageCount: 8, positionCount: 8)
    let transform = SlabWavelet(shape, wavelet: .haar, levels: 1)
    var field = FloatStorage(repeating: 3, count: shape.count)
    #expect(transform.detailSum(volume(shape, seed: 3)) > 0)
    transform.projectDetails(&field, radius: 2)
    for slice in 0..<4 {
      for z in 0..<8 {
        for x in 0..<8 {
          let inCorner = slice < 2 && z < 4 && x < 4
          let value = field.span[shape.index(slice: slice, page: z, position: x)]
          #expect(value == (inCorner ? 0 : 2))
        }
      }
    }
  }
}
