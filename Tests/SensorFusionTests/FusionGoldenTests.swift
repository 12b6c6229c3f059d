import Fields
import Foundation
import Inversion
import RealModule
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
    let data = try detectors.data()
    var problem = FusionProblem(
      data: data, model: .linear, exponent: 1.7, scales: [1, 1], variationShares: [1, 1],
      solver: solver)
    problem.calibration = Calibration(coefficients: [1, .pow(28.0 / 79, 1.7)], offset: 0.3)
    var x = start(data)
    var duals: [FloatStorage] = []
    _ = try problem.solve(
      8, from: &x, duals: &duals, Effort(iterations: 20_000, tolerance: 1e-7))
    for e in 0..<2 {
      let shape = SlabShape(sliceCount: rows, pageCount: 1, positionCount: columns)
      let found = FusionImage(
        x.span.extracting(e * data.voxelCount..<(e + 1) * data.voxelCount), shape)
      let expected = image(3 + e)
      #expect(relativeError(of: found.pixels.span, against: expected.pixels.span) < 2e-3)
    }
  }

  @Test("Both solvers come to the same minimum of the power model")
  func power() throws {
    var scene = try FusionScene(.twoMaps, size: 48)
    scene.background = 0.5
    let data = try scene.detectors().data()
    let found = try FusionSolver.allCases.map { solver in
      var problem = FusionProblem(
        data: data, model: .power, exponent: 1.7, scales: [16, 16], variationShares: [4, 4],
        solver: solver)
      problem.calibration = Calibration(coefficients: [1, .pow(28.0 / 79, 1.7)], offset: 0)
      var x = start(data)
      var duals: [FloatStorage] = []
      let effort = Effort(iterations: 3000, tolerance: 1e-6, tracksObjective: true)
      let report = try problem.solve(3, from: &x, duals: &duals, effort)
      return (x, try #require(report.objective.last))
    }
    #expect(abs(found[0].1 - found[1].1) < 3e-4 * abs(found[0].1))
    let (one, two) = (found[0].0, found[1].0)
    #expect(relativeError(of: two.span, against: one.span) < 0.02)
  }

  /// A half wherever there is a pixel.
  private func start(_ data: FusionData) -> FloatStorage {
    let shape = data.gradient.shape
    return FloatStorage(
      (0..<2 * shape.count).map { i in
        let slice = i % shape.count / shape.slabLength * shape.laneCount + i % shape.laneCount
        return slice < shape.sliceCount ? 0.5 : 0
      })
  }
}
