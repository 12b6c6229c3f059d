import Fields
import Foundation
import TestSupport
import Testing
import Transforms

@Suite("RampFilter")
struct RampFilterTests {
  /// Golden/ramp.f32: made by Golden/make_ramp.py.
  @Test("every window at two cut-offs agrees with float64", arguments: [1, 7, 33])
  func golden(sliceCount: Int) throws {
    let binCount = 45
    let values = try goldenFloats("ramp.f32", in: .module)
    let rows = (0..<11).map { row in
      values[row * binCount..<(row + 1) * binCount].map(Double.init)
    }
    let shape = SlabShape(sliceCount: sliceCount, pageCount: 2, positionCount: binCount)
    let weights = [0.5, -2.0]
    var row = 1
    for cutoff in [1, 0.6] {
      for window in [RampWindow.ramLak, .sheppLogan, .cosine, .hamming, .hann] {
        var field = ramped(rows[0], shape: shape)
        let filter = try RampFilter(binCount: binCount, window: window, cutoff: cutoff)
        field = filtered(field, shape, filter, tiltWeights: weights)
        var expected = FloatStorage(zeros: shape.count)
        for slice in 0..<sliceCount {
          for tilt in 0..<2 {
            for bin in 0..<binCount {
              var field = expected.mutableSpan
              field[shape.index(slice: slice, page: tilt, position: bin)] =
                Float(rows[row][bin] * weights[tilt] * Double(slice + 1))
            }
          }
        }
        #expect(relativeError(of: field.span, against: expected.span) < 1e-6)
        row += 1
      }
    }
  }

  @Test("padding lanes stay zero")
  func padding() throws {
    let shape = SlabShape(sliceCount: 33, pageCount: 3, positionCount: 20)
    var field = ramped((0..<20).map { Double($0 % 5) }, shape: shape)
    field = filtered(field, shape, try RampFilter(binCount: 20), tiltWeights: [1, 1, 1])
    for run in 0..<shape.runCount {
      let lanes = shape.slabLength + run * 32 + 1..<shape.slabLength + (run + 1) * 32
      let isZero = lanes.allSatisfy { field.span[$0] == 0 }
      #expect(isZero)
    }
  }

  @Test("a constant line keeps the mean that the kernel has, not zero")
  func mean() throws {
    // In the middle of 2M + 1 equal bins: 1/4 − 2 Σ 1/(π²n²) over odd n up to M.
    let reach = 64
    var exact = 0.25
    for n in stride(from: 1, through: reach, by: 2) { exact -= 2 / (.pi * .pi * Double(n * n)) }
    let shape = SlabShape(sliceCount: 1, pageCount: 1, positionCount: 2 * reach + 1)
    var field = FloatStorage(repeating: 1, count: shape.count)
    field = filtered(
      field, shape, try RampFilter(binCount: shape.positionCount), tiltWeights: [1])
    #expect(abs(Double(field.span[reach]) - exact) < 1e-6)
    #expect(exact > 1e-3)
  }

  /// Kak and Slaney's kernel by itself: what one bin of height 1 leaves everywhere.
  @Test(
    "margins hold the kernel beyond the detector, zero where a slice has none", arguments: [3, 33])
  func margins(sliceCount: Int) throws {
    let (binCount, bins, source) = (20, -11..<47, 3)
    let shape = SlabShape(sliceCount: sliceCount, pageCount: 2, positionCount: binCount)
    let field = ramped((0..<binCount).map { $0 == source ? 1 : 0 }, shape: shape)
    let goesBeyond = (0..<sliceCount).map { $0 % 3 != 1 }
    let wide = shape.holding(bins)
    let found = filtered(
      field, shape, try RampFilter(binCount: binCount, bins: bins), tiltWeights: [1, 0.5],
      goesBeyond: goesBeyond)
    for slice in 0..<sliceCount {
      for (tilt, weight) in [(0, 1.0), (1, 0.5)] {
        for bin in bins {
          let n = bin - source
          let h = n == 0 ? 0.25 : n % 2 == 0 ? 0 : -1 / (Double.pi * Double.pi * Double(n * n))
          let isKept = (0..<binCount).contains(bin) || goesBeyond[slice]
          let expected = isKept ? Double(slice + 1) * weight * h : 0
          let index = wide.index(slice: slice, page: tilt, position: bin - bins.lowerBound)
          #expect(abs(Double(found.span[index]) - expected) < 1e-6 * Double(slice + 1))
        }
      }
    }
  }

  @Test("filtering is linear")
  func linearity() throws {
    let shape = SlabShape(sliceCount: 7, pageCount: 2, positionCount: 50)
    let filter = try RampFilter(binCount: 50, window: .hann, cutoff: 0.8)
    func filtered(_ storage: FloatStorage) -> FloatStorage {
      self.filtered(storage, shape, filter, tiltWeights: [1, 0.3])
    }
    let one = ramped((0..<50).map { Double($0 % 3) }, shape: shape)
    let two = ramped((0..<50).map { Double($0 % 11) }, shape: shape)
    let mixed = FloatStorage((0..<shape.count).map { 2 * one.span[$0] - 3 * two.span[$0] })
    let (a, b) = (filtered(one), filtered(two))
    let expected = FloatStorage((0..<shape.count).map { 2 * a.span[$0] - 3 * b.span[$0] })
    #expect(relativeError(of: filtered(mixed).span, against: expected.span) < 1e-6)
  }

  @Test("the number of threads changes no bit")
  func threads() throws {
    let shape = SlabShape(sliceCount: 70, pageCount: 9, positionCount: 61)
    let filter = try RampFilter(binCount: 61, bins: -5..<70)
    func filtered(_ count: Int) -> FloatStorage {
      self.filtered(
        noise(count: shape.count, seed: 4), shape, filter,
        tiltWeights: (1...9).map { 1 / Double($0) },
        workers: count)
    }
    let alone = filtered(1)
    for count in [2, 5] {
      let shared = filtered(count)
      #expect(relativeError(of: shared.span, against: alone.span) == 0)
    }
  }

  @Test("a cut-off that is no fraction of Nyquist is named in the error", arguments: [0, -1, 1.5])
  func cutoff(value: Double) {
    #expect(throws: TransformError.cutoff(value)) { try RampFilter(binCount: 8, cutoff: value) }
  }

  private func filtered(
    _ field: FloatStorage, _ shape: SlabShape, _ filter: RampFilter, tiltWeights: [Double],
    goesBeyond: [Bool]? = nil, workers: Int = 2
  ) -> FloatStorage {
    var filtered = FloatStorage(zeros: shape.holding(filter.bins).count)
    filter.apply(
      to: field.span, shape: shape,
      goesBeyond: goesBeyond ?? [Bool](repeating: true, count: shape.sliceCount),
      tiltWeights: tiltWeights, into: filtered.mutableSpan, workers: Workers(workers))
    return filtered
  }

  /// Slice y of every tilt holds (y + 1) times `line`.
  private func ramped(_ line: [Double], shape: SlabShape) -> FloatStorage {
    var field = FloatStorage(zeros: shape.count)
    var values = field.mutableSpan
    for slice in 0..<shape.sliceCount {
      for tilt in 0..<shape.pageCount {
        for (bin, value) in line.enumerated() {
          values[shape.index(slice: slice, page: tilt, position: bin)] =
            Float(value * Double(slice + 1))
        }
      }
    }
    return field
  }
}
