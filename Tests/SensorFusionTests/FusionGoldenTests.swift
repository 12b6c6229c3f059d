import Fields
import Foundation
import Inversion
import SensorFusion
import TestSupport
import Testing
import Transforms

/// Against Golden/make_fusion.py.
@Suite struct FusionGoldenTests {
  @Test(
    "Both solvers find the minimum that independent double-precision code finds",
    arguments: FusionSolver.allCases)
  func minimum(solver: FusionSolver) throws {
    let floats = try goldenFloats("fusion.f32", in: .module)
    let (rows, columns, count) = (9, 11, 99)
    func image(_ k: Int) -> FusionImage {
      FusionImage(
        FloatStorage(floats[k * count..<(k + 1) * count]), rowCount: rows, columnCount: columns)
    }
    var detectors = ImageDetectors(
      image(0),
      try zip(["Au", "Ni"], [1, 2]).map { symbol, k in
        var map = ImageDetectors.Map(try ChemicalElement(symbol), image(k))
        (map.noise, map.scale) = (.gaussian(sigma: 0.2), 1)
        return map
      })
    detectors.haadfSigma = 0.05
    detectors.spread = try PointSpread(gaussian: [0, 1, 1])
    var fusion = SensorFusion()
    (fusion.model, fusion.solver) = (.linear, solver)
    (fusion.gain, fusion.offset) = (1, 0.3)
    fusion.lambda2 = 8 * 2 * 0.05 * 0.05
    (fusion.iterationLimit, fusion.tolerance) = (20_000, 1e-7)
    let result = try fusion.fuse(try detectors.data())
    for e in 0..<2 {
      #expect(abs(result.elements[e].lambda2 - 0.04) < 1e-6)
      let shape = SlabShape(sliceCount: rows, pageCount: 1, positionCount: columns)
      let found = FusionImage(
        result.fused.span.extracting(e * result.voxelCount..<(e + 1) * result.voxelCount), shape)
      let expected = image(3 + e)
      #expect(relativeError(of: found.pixels.span, against: expected.pixels.span) < 2e-3)
    }
  }
}
