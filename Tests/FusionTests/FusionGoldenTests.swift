import Fields
import Foundation
import Imaging
import Inversion
import RealModule
import Fusion
import TestSupport
import Testing
import Transforms

/// Against Golden/make_fusion.py.
@Suite struct FusionGoldenTests {
  @Test("The minimum is that which independent double-precision code finds")
  func minimum() throws {
    let floats = try goldenFloats("fusion.f32", in: .module)
    let (rows, columns, count) = (9, 11, 99)
    func image(_ k: Int) -> Image {
      Image(Array(floats[k * count..<(k + 1) * count]), columnCount: columns)
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
    let data = try detectors.data()
    let problem = problem(data, .linear, scale: 1, share: 1, offset: 0.3)
    let (x, _) = try solve(problem, 8, Effort(iterations: 20_000, tolerance: 1e-7))
    for e in 0..<2 {
      let shape = SlabShape(sliceCount: rows, pageCount: 1, positionCount: columns)
      let found = Image(
        x.span.extracting(e * data.voxelCount..<(e + 1) * data.voxelCount), shape)
      let expected = image(3 + e)
      #expect(relativeError(of: found.pixels.span, against: expected.pixels.span) < 2e-3)
    }
  }

  /// Gold and nickel, of which HAADF is calibrated.
  private func problem(
    _ data: FusionData, _ model: HAADFModel, scale: Double, share: Double,
    offset: Double
  ) -> FusionProblem {
    var problem = FusionProblem(
      data: data, model: model, exponent: 1.7, scales: [scale, scale],
      variationShares: [share, share])
    problem.calibration = Calibration(coefficients: [1, .pow(28.0 / 79, 1.7)], offset: offset)
    return problem
  }

  /// From a half wherever there is a pixel.
  private func solve(
    _ problem: FusionProblem, _ μ: Double, _ effort: Effort
  ) throws -> (FloatStorage, SolverReport) {
    let shape = problem.data.gradient.shape
    var x = FloatStorage(
      (0..<2 * shape.count).map { i in
        let slice = i % shape.count / shape.slabLength * shape.laneCount + i % shape.laneCount
        return slice < shape.sliceCount ? 0.5 : 0
      })
    var duals: [FloatStorage] = []
    let report = try problem.solve(μ, from: &x, duals: &duals, effort)
    return (x, report)
  }
}
