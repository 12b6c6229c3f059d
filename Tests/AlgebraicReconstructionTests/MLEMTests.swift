import AlgebraicReconstruction
import Fields
import Foundation
import Projection
import Reconstruction
import TestSupport
import Testing

@Suite("MLEM")
struct MLEMTests {
  @Test(
    "six iterations agree with dense float64 matrices among 1, 7 and 33 slices",
    arguments: [1, 7, 33], [(0, 1, Float(0)), (1, 1, 2.5), (2, 2, 2.5)])
  func golden(sliceCount: Int, variant: (index: Int, subsets: Int, background: Float)) throws {
    let method = try MLEM(
      iterations: 6, subsets: variant.subsets, background: variant.background)
    let (volume, _) = try method.reconstruct(
      GoldenSlice.series(sliceCount, of: "counts.f32") { _ in 1 }, GoldenSlice.geometry(sliceCount),
      from: nil, workers: Workers(2))
    let expected = try GoldenSlice.volume(
      "mlem.f32", variant: variant.index, sliceCount
    ) { _ in 1 }
    #expect(relativeError(of: volume.voxels.span, against: expected.voxels.span) < 1e-5)
  }

  @Test("the likelihood never falls, and without background the total of counts is kept")
  func likelihood() throws {
    let geometry = try GoldenSlice.geometry(1)
    let series = try GoldenSlice.series(1, of: "counts.f32") { _ in 1 }
    let projector = ParallelProjector(geometry)
    func projection(_ volume: FloatStorage) -> [Double] {
      var expected = FloatStorage(zeros: projector.rangeCount)
      projector.apply(volume.span, into: expected.mutableSpan)
      return expected.span.indices.map { Double(expected.span[$0]) }
    }
    // Counts in bins whose rays miss the volume cannot be explained.
    let paths = projection(FloatStorage(repeating: 1, count: projector.domainCount))
    let reached = paths.indices.filter { paths[$0] > 0 }
    let counts = paths.indices.map { Double(series.projections.span[$0]) }
    let total = reached.reduce(0.0) { $0 + counts[$1] }
    for background: Float in [0, 3] {
      var last = -Double.infinity
      for iterations in 1...12 {
        let (volume, _) = try MLEM(iterations: iterations, background: background)
          .reconstruct(series, geometry, from: nil, workers: .all)
        let expected = projection(volume.voxels)
        let now = reached.reduce(0.0) { sum, i in
          let p = expected[i] + Double(background)
          return counts[i] == 0 ? sum - p : sum + counts[i] * Foundation.log(p) - p
        }
        #expect(now > last)
        last = now
        if background == 0 { #expect(abs(expected.reduce(0, +) / total - 1) < 1e-5) }
      }
    }
  }

  @Test("a slice without counts becomes empty, and nothing becomes negative or undefined")
  func zeros() throws {
    let series = try GoldenSlice.series(7, of: "counts.f32") { $0 == 2 ? 0 : Float($0) }
    for background: Float in [0, 1] {
      for subsets in [1, 3] {
        let (volume, _) = try MLEM(iterations: 9, subsets: subsets, background: background)
          .reconstruct(series, GoldenSlice.geometry(7), from: nil, workers: .all)
        #expect(volume.voxels.span.indices.allSatisfy { volume.voxels.span[$0] >= 0 })
        for y in [0, 2] { #expect((0..<238).allSatisfy { volume[$0 % 17, y, $0 / 17] == 0 }) }
        #expect(volume[9, 6, 5] > 0)
      }
    }
  }

  @Test("neither groups nor workers change a bit", arguments: [1, 7, 33, 70])
  func invariance(sliceCount: Int) throws {
    #expect(
      try GoldenSlice.isInvariant(
        MLEM(iterations: 3, subsets: 3, background: 1), sliceCount: sliceCount))
  }

  @Test("negative counts are refused with their number")
  func negative() throws {
    var series = try GoldenSlice.series(7, of: "counts.f32") { _ in 1 }
    series[3, 4, 5] = -1
    series[13, 0, 20] = -0.5
    #expect(throws: AlgebraicError.negativeCounts(2, of: 14 * 21 * 7)) {
      try MLEM().reconstruct(series, GoldenSlice.geometry(7), from: nil, workers: .all)
    }
  }

  @Test("settings that cannot work are refused")
  func refused() throws {
    #expect(throws: AlgebraicError.background(-1)) { try MLEM(background: -1) }
    #expect(throws: ReconstructionError.iterations(0)) { try MLEM(iterations: 0) }
    #expect(throws: AlgebraicError.subsets(15, tilts: 14)) {
      try MLEM(subsets: 15).reconstruct(
        GoldenSlice.series(1, of: "counts.f32") { _ in 1 }, GoldenSlice.geometry(1), from: nil,
        workers: .all)
    }
  }
}
