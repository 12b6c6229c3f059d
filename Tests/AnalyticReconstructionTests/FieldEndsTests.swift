import Fields
import AnalyticReconstruction
import TestSupport
import Testing

@Suite("FieldEnds")
struct FieldEndsTests {
  @Test("a level of 1.9 % of the mean at either end is vacuum, one of 2.1 % is not")
  func level() {
    for (level, expected) in [(0.019, true), (-0.019, true), (0.021, false), (-0.021, false)] {
      // Ten tilts of 40 bins: one end holds the level, the other 0, and 36 bins a; their mean is 1.
      let a = (40 - 2 * level) / 36
      for end in [0, 38] {
        let found = decide { _, bin in bin / 2 == end / 2 ? level : bin / 2 == 19 - end / 2 ? 0 : a
        }
        #expect(found == [Bool](repeating: expected, count: 3), "\(level) at \(end)")
      }
    }
  }

  @Test("noise alone is vacuum, and the same noise on a level is not")
  func noisy() {
    let values = noise(count: 10 * 40 * 3, seed: 8).span
    let noises = values.indices.map { Double(values[$0]) }
    func line(_ level: Double) -> [Bool] {
      decide { tilt, bin in (12..<28).contains(bin) ? 2 : level + noises[tilt * 40 + bin] }
    }
    // σ = √(1/12) = 0.29, and 4 σ / √20 = 0.26.
    #expect(line(0) == [true, true, true])
    #expect(line(0.6) == [false, false, false])
  }

  @Test("every slice is judged by itself, and one of zeros is vacuum")
  func slices() {
    let shape = SlabShape(sliceCount: 33, pageCount: 2, positionCount: 6)
    var field = FloatStorage(zeros: shape.count)
    var values = field.mutableSpan
    for slice in 1..<33 {
      for bin in (slice.isMultiple(of: 3) ? 0 : 2)..<4 {
        for tilt in 0..<2 { values[shape.index(slice: slice, page: tilt, position: bin)] = 1 }
      }
    }
    let found = FieldEnds.areVacuum(field.span, shape, workers: Workers(2))
    #expect(found == (0..<33).map { $0 == 0 || $0 % 3 != 0 })
  }

  @Test("lines of three bins have no two ends")
  func short() {
    let shape = SlabShape(sliceCount: 1, pageCount: 2, positionCount: 3)
    let field = FloatStorage(zeros: shape.count)
    #expect(FieldEnds.areVacuum(field.span, shape, workers: Workers(1)) == [false])
  }

  /// The answers for three equal slices of ten tilts and 40 bins.
  private func decide(_ value: (_ tilt: Int, _ bin: Int) -> Double) -> [Bool] {
    let shape = SlabShape(sliceCount: 3, pageCount: 10, positionCount: 40)
    var field = FloatStorage(zeros: shape.count)
    var values = field.mutableSpan
    for tilt in 0..<10 {
      for bin in 0..<40 {
        for slice in 0..<3 {
          values[shape.index(slice: slice, page: tilt, position: bin)] = Float(value(tilt, bin))
        }
      }
    }
    return FieldEnds.areVacuum(field.span, shape, workers: Workers(2))
  }
}
