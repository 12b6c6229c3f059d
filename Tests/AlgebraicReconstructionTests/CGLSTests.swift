import AlgebraicReconstruction
import Fields
import Projection
import Reconstruction
import TestSupport
import Testing

@Suite("CGLS")
struct CGLSTests {
  @Test(
    "five iterations agree with a dense float64 matrix among 1, 7 and 33 slices",
    arguments: [1, 7, 33], [false, true])
  func golden(sliceCount: Int, hasStart: Bool) throws {
    let geometry = try GoldenSlice.geometry(sliceCount)
    let scale: (Int) -> Float = { Float($0 + 1) }
    var start = Volume(zeros: geometry.volume)
    for i in 0..<GoldenSlice.runCount {
      for y in 0..<sliceCount {
        start[i % 17, y, i / 17] =
          scale(y) * Float((0.1 * Double(i)).truncatingRemainder(dividingBy: 3))
      }
    }
    let (volume, _) = try CGLS(iterations: 5).reconstruct(
      GoldenSlice.series(sliceCount, scale: scale), geometry, from: hasStart ? start : nil,
      workers: Workers(2))
    let expected = try GoldenSlice.volume(
      "cgls.f32", variant: hasStart ? 1 : 0, sliceCount, scale: scale)
    #expect(relativeError(of: volume.voxels.span, against: expected.voxels.span) < 2e-5)
  }

  @Test("each slice goes its own way, as if it were alone")
  func alone() throws {
    let series = try GoldenSlice.noisySeries(7)
    let (together, _) = try CGLS(iterations: 12).reconstruct(
      series, GoldenSlice.geometry(7), from: nil, workers: .all)
    for y in 0..<7 {
      var single = TiltSeries(zeros: try GoldenSlice.geometry(1).series, tilts: series.tilts)
      for tilt in 0..<14 { for bin in 0..<21 { single[tilt, 0, bin] = series[tilt, y, bin] } }
      let (volume, _) = try CGLS(iterations: 12).reconstruct(
        single, GoldenSlice.geometry(1), from: nil, workers: .all)
      for x in 0..<17 {
        for z in 0..<14 { #expect(abs(volume[x, 0, z] - together[x, y, z]) < 1e-4) }
      }
    }
  }

  @Test("the misfit falls from iteration to iteration")
  func monotonic() throws {
    let (_, report) = try CGLS(iterations: 25).reconstruct(
      GoldenSlice.noisySeries(7), GoldenSlice.geometry(7), from: nil, workers: .all)
    let misfits = report.history.compactMap(\.misfit)
    #expect(misfits.count == 25 && abs(misfits[0] - 1) < 1e-6)
    for (one, next) in zip(misfits, misfits.dropFirst()) { #expect(next < one) }
  }

  @Test("neither groups nor workers change a bit", arguments: [1, 7, 33, 70])
  func invariance(sliceCount: Int) throws {
    #expect(try GoldenSlice.isInvariant(CGLS(iterations: 4), sliceCount: sliceCount))
    #expect(try GoldenSlice.isInvariant(CGLS(iterations: 9, noise: 1), sliceCount: sliceCount))
  }

  @Test("each slice ends at the noise, and empty ones stay empty")
  func noise() throws {
    let geometry = try GoldenSlice.geometry(7)
    let series = try GoldenSlice.series(7) { [1, 0.7, 0.5, 0, 0.3, 0.01, 0.9][$0] }
    let (volume, _) = try CGLS(iterations: 30, noise: 0.4).reconstruct(
      series, geometry, from: nil, workers: .all)
    var left = TiltSeries(zeros: geometry.series, tilts: series.tilts)
    ParallelProjector(geometry).apply(volume.voxels.span, into: left.projections.mutableSpan)
    for y in 0..<7 {
      let squares = (0..<14 * 21).reduce(0.0) { sum, i in
        let d = Double(left[i / 21, y, i % 21] - series[i / 21, y, i % 21])
        return sum + d * d
      }
      #expect((squares / (14 * 21)).squareRoot() <= 0.4)
    }
    for y in [3, 5] {
      #expect((0..<238).allSatisfy { volume[$0 % 17, y, $0 / 17] == 0 })
    }
  }

  @Test("settings that cannot work are refused")
  func refused() {
    #expect(throws: ReconstructionError.iterations(0)) { try CGLS(iterations: 0) }
    #expect(throws: AlgebraicError.noise(0)) { try CGLS(noise: 0) }
  }
}
