import AlgebraicReconstruction
import Fields
import Foundation
import Inversion
import Phantoms
import Projection
import Reconstruction
import TestSupport
import Testing

@Suite("Halving")
struct HalvingTests {
  /// 16 × 40 × 16 voxels of one ellipsoid, nine tilts, noise of 0.5.
  static func problem() throws -> (TiltSeries, TiltGeometry) {
    let text = """
      {"name": "test", "description": "", "unit": "halfWidth", "size": [16, 40, 16],
       "objects": [{"shape": "ellipsoid", "semiAxes": [0.6, 0.5, 0.5], "density": 1}]}
      """
    let phantom = try Phantom(try PhantomRecipe(Data(text.utf8), from: "test.json"))
    let degrees: [Double] = Array(stride(from: -64, through: 64, by: 16))
    var series = phantom.project(degrees: degrees)
    _ = try NoiseModel.gaussian(sigma: 0.5).apply(to: &series, seed: 4)
    return (
      series, try TiltGeometry(volume: phantom.volume, series: series.shape, degrees: degrees)
    )
  }

  static func sart() throws -> SART {
    try SART(sweeps: 5, constraint: VoxelConstraint(isNonNegative: true))
  }

  /// TV-SART, and ASD-POCS where `isAdaptive`.
  static func method(_ isAdaptive: Bool, noise: Double?) throws -> any ReconstructionMethod {
    isAdaptive
      ? try ASDPOCS(sart(), halvingTo: noise)
      : try TVSART(sart(), strength: .halved(noise: noise))
  }

  @Test(
    "the λ that is taken meets the noise, twice of it does not, and a run at it is the same",
    arguments: [false, true])
  func meets(isAdaptive: Bool) throws {
    let (series, geometry) = try Self.problem()
    let (volume, report) = try Self.method(isAdaptive, noise: 0.6).reconstruct(series, geometry)
    let found = try #require(report.lambdaChoice as? HalvedStrength)
    let lambda = found.choice.lambda
    #expect(report.lambda == lambda && found.noise == 0.6 && found.noiseSource == "given")
    #expect(abs(log2(lambda / 1e-2).rounded() - log2(lambda / 1e-2)) < 1e-9)
    let residuals = Dictionary(
      uniqueKeysWithValues: found.choice.trials.map { ($0.lambda, $0.residual) })
    #expect(try #require(residuals[lambda]) <= 1.02 * 0.6)
    if isAdaptive {
      #expect(found.choice.trials[0].lambda == 0.08)
    } else {
      #expect(found.choice.trials[0].lambda == 0.01)
      #expect(try #require(residuals[2 * lambda]) > 1.02 * 0.6)
    }
    let given: any ReconstructionMethod =
      isAdaptive
      ? try ASDPOCS(Self.sart(), noise: 0.6, lambda: lambda)
      : try TVSART(Self.sart(), strength: .lambda(lambda))
    let (again, _) = try given.reconstruct(series, geometry)
    #expect(areIdentical(volume.voxels, again.voxels))
    // A volume of two slabs is tried whole.
    let (told, left) = (try #require(residuals[lambda]), residual(of: again, series, geometry))
    #expect(abs(told / left - 1) < 1e-5)
  }

  private func residual(
    of volume: Volume, _ series: TiltSeries, _ geometry: TiltGeometry
  ) -> Double {
    let projector = ParallelProjector(geometry)
    var predicted = FloatStorage(zeros: projector.rangeCount)
    projector.apply(volume.voxels.span, into: predicted.mutableSpan)
    var sum = 0.0
    let shape = series.shape.slabs
    for slice in 0..<shape.sliceCount {
      for page in 0..<shape.pageCount {
        for position in 0..<shape.positionCount {
          let i = shape.index(slice: slice, page: page, position: position)
          let left = Double(series.projections.span[i] - predicted.span[i])
          sum += left * left
        }
      }
    }
    return (sum / Double(shape.valueCount)).squareRoot()
  }

  @Test("where no λ meets the noise, that is said, and one of nearly the least residual is taken")
  func neverMet() throws {
    let (series, geometry) = try Self.problem()
    let (_, report) = try Self.method(false, noise: 1e-3).reconstruct(series, geometry)
    let choice = try #require(report.lambdaChoice as? HalvedStrength).choice
    let least = try #require(choice.trials.map(\.residual).min())
    let taken = try #require(choice.trials.first { $0.lambda == choice.lambda })
    #expect(taken.residual <= 1.01 * least && choice.trials.count < 16)
    #expect(report.warnings.contains { $0.contains("as small as the noise") })
  }

  @Test("the noise is measured where it is not given, and counts know theirs")
  func estimated() throws {
    let (series, geometry) = try Self.problem()
    let method = try TVSART(Self.sart(), strength: .halved(noise: nil))
    let found = try #require(
      try method.reconstruct(series, geometry).1.lambdaChoice as? HalvedStrength)
    #expect(abs(try #require(found.noise) / 0.5 - 1) < 0.15)
    let counted = try #require(
      try method.knowingCounts().reconstruct(series, geometry).1.lambdaChoice as? HalvedStrength)
    #expect(counted.noiseSource.hasPrefix("counts"))
  }

  @Test("a record remakes the method with the λ that was found", arguments: [false, true])
  func recorded(isAdaptive: Bool) throws {
    let (series, geometry) = try Self.problem()
    let method = try Self.method(isAdaptive, noise: nil)
    #expect(method.traits.regularisation == .chosen)
    #expect(throws: AlgebraicError.chosenLambda) {
      try method.repeatable(iterations: nil, lambda: nil)
    }
    let (volume, report) = try method.reconstruct(series, geometry)
    let recipe = MethodRecipe(name: report.method, parameters: report.settings)
    let registry = MethodRegistry(["tv-sart": TVSART.self, "asd-pocs": ASDPOCS.self])
    let again = try recipe.method(among: registry)
    #expect(again.traits.regularisation == .fixed)
    #expect(areIdentical(try again.reconstruct(series, geometry).0.voxels, volume.voxels))
  }

  @Test("trials see only their slabs of a mask and of a start, and workers change no bit")
  func parts() throws {
    let (series, geometry) = try Self.problem()
    let support = Support(try Self.method(false, noise: 1).reconstruct(series, geometry).0)
    let sart = try SART(
      sweeps: 3, constraint: VoxelConstraint(isNonNegative: true, support: support))
    let method = try TVSART(sart, strength: .halved(noise: 0.6))
    let start = Volume(
      FloatStorage(repeating: 0.1, count: geometry.volume.slabs.count), shape: geometry.volume)
    let results = try [1, 3].map {
      try method.reconstruct(series, geometry, from: start, workers: Workers($0))
    }
    #expect(areIdentical(results[0].0.voxels, results[1].0.voxels))
    #expect(
      results[0].1.lambdaChoice as? HalvedStrength == results[1].1.lambdaChoice as? HalvedStrength)
  }

  @Test("a λ or a noise that cannot work is refused")
  func refused() throws {
    #expect(throws: AlgebraicError.lambda(0)) { try TVSART(Self.sart(), strength: .lambda(0)) }
    #expect(throws: AlgebraicError.noise(-1)) {
      try TVSART(Self.sart(), strength: .halved(noise: -1))
    }
    #expect(throws: AlgebraicError.lambda(-1)) { try ASDPOCS(Self.sart(), noise: 1, lambda: -1) }
  }
}
