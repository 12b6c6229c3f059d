import AlgebraicReconstruction
import Fields
import Projection
import Reconstruction
import TestSupport
import Testing

@Suite("OSSART")
struct OSSARTTests {
  @Test(
    "three subsets agree with dense float64 matrices among 1, 7 and 33 slices",
    arguments: [1, 7, 33])
  func golden(sliceCount: Int) throws {
    let scale: (Int) -> Float = { Float($0 + 1) }
    let method = try OSSART(
      iterations: 5, subsets: 3, relaxation: .constant(1.5),
      constraint: VoxelConstraint(isNonNegative: true))
    let (volume, _) = try method.reconstruct(
      GoldenSlice.series(sliceCount, scale: scale), GoldenSlice.geometry(sliceCount), from: nil,
      workers: Workers(2))
    let expected = try GoldenSlice.volume("ossart.f32", variant: 0, sliceCount, scale: scale)
    #expect(relativeError(of: volume.voxels.span, against: expected.voxels.span) < 1e-5)
  }

  @Test("one subset is SIRT to the bit", arguments: RayModel.allCases)
  func oneSubset(rays: RayModel) throws {
    let (series, geometry) = (try GoldenSlice.noisySeries(7), try GoldenSlice.geometry(7))
    let (one, report) = try OSSART(iterations: 4, subsets: 1, rays: rays)
      .reconstruct(series, geometry, from: nil, workers: .all)
    let (sirt, expected) = try SIRT(iterations: 4, rays: rays)
      .reconstruct(series, geometry, from: nil, workers: .all)
    #expect(areIdentical(one.voxels, sirt.voxels) && report.history == expected.history)
  }

  @Test("neither groups nor workers change a bit", arguments: [1, 7, 33, 70])
  func invariance(sliceCount: Int) throws {
    #expect(
      try GoldenSlice.isInvariant(
        OSSART(iterations: 2, subsets: 5), sliceCount: sliceCount))
  }

  @Test("more subsets than tilts are refused")
  func refused() throws {
    #expect(throws: AlgebraicError.subsets(0, tilts: 0)) { try OSSART(subsets: 0) }
    #expect(throws: AlgebraicError.subsets(15, tilts: 14)) {
      try OSSART(subsets: 15).reconstruct(
        GoldenSlice.noisySeries(1), GoldenSlice.geometry(1), from: nil, workers: .all)
    }
  }
}
