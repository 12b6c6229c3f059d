import AlgebraicReconstruction
import VariationalReconstruction
import Fields
import AnalyticReconstruction
import MissingWedge
import Phantoms
import Projection
import Reconstruction
import TestSupport
import Testing

@Suite("WedgePointSpread")
struct PointSpreadTests {
  @Test(
    "back-projection draws a blob out by 1.309 in curvature and 1.382 in width at ±70°",
    arguments: [3.0, 5])
  func limited(sigma: Double) throws {
    let spread = try WedgePointSpread(
      of: FilteredBackProjection(), .blob(sigma: sigma), degrees: tilts(to: 70, step: 2), size: 97)
    let curvature = try #require(spread.curvature)
    #expect(abs(try #require(curvature.elongation) - 1.309) < 0.01)
    #expect(abs(curvature.direction - 90) < 0.5)
    #expect(abs(try #require(spread.widthRatio) - 1.382) < 0.01)
    #expect(abs(try #require(spread.y.halfWidth) - spread.probe.width) < 0.05)
    #expect(spread.x.undershoot < -0.1 && spread.z.undershoot > -0.01)
  }

  @Test("a full range leaves it round")
  func full() throws {
    let spread = try WedgePointSpread(
      of: FilteredBackProjection(), .blob(sigma: 3), degrees: fullRange, size: 97)
    #expect(abs(try #require(spread.curvature?.elongation) - 1) < 0.005)
    #expect(abs(try #require(spread.widthRatio) - 1) < 0.005)
  }

  @Test("an asymmetric range draws it out along the middle of what it misses")
  func asymmetric() throws {
    let degrees = Array(stride(from: -40.0, through: 70, by: 2))
    let spread = try WedgePointSpread(
      of: FilteredBackProjection(), .blob(sigma: 3), degrees: degrees, size: 97)
    let expected = TiltCoverage(degrees.map { $0 * .pi / 180 }).elongation
    let curvature = try #require(spread.curvature)
    #expect(abs(try #require(curvature.elongation) / expected.factor - 1) < 0.01)
    #expect(abs(curvature.direction - 105) < 1)
  }

  /// shared/reference/README.md, 4.2: numpy, 129 × 129, exact chords of discs.
  static let discs:
    [(radius: Double, fbp: Double, sirt50: Double, sirt200: Double, bounded: Double)] =
      [
        (4, 1.233, 1.267, 1.218, 1.082), (10, 1.146, 1.148, 1.122, 1.049),
        (20, 1.119, 1.096, 1.078, 1.039), (35, 1.107, 1.067, 1.063, 1.034),
      ]

  @Test("discs are drawn out as numpy has it, within 0.02", arguments: discs)
  func widths(
    _ expected: (radius: Double, fbp: Double, sirt50: Double, sirt200: Double, bounded: Double)
  ) throws {
    let never = try StopRule()
    let methods: [(any ReconstructionMethod, Double)] = [
      (FilteredBackProjection(), expected.fbp),
      (try SIRT(iterations: 50, stopRule: never), expected.sirt50),
      (try SIRT(iterations: 200, stopRule: never), expected.sirt200),
      (try SIRT(iterations: 200, isNonNegative: true, stopRule: never), expected.bounded),
    ]
    for (method, ratio) in methods {
      let found = try ratioOfWidths(method, radius: expected.radius)
      #expect(
        abs(found - ratio) < 0.02, "\(method.name) \(method.settings): \(found), not \(ratio)")
    }
  }

  @Test("total variation draws a disc of 20 voxels out by less than 1.02")
  func totalVariation() throws {
    var method = CompressedSensing()
    (method.strength, method.iterationLimit, method.tolerance) = (.mu(1), 300, 0)
    #expect(abs(try ratioOfWidths(method, radius: 20) - 1.006) < 0.014)
  }

  /// The width of a disc along the beam over that across it, from 185 bins at 71 tilts.
  private func ratioOfWidths(_ method: any ReconstructionMethod, radius: Double) throws -> Double {
    let shape = VolumeShape(width: 129, depth: 129, sliceCount: 1)
    let disc = PhantomObject(.ellipsoid(semiAxes: [radius, 1e6, radius], density: 1))
    let degrees = tilts(to: 70, step: 2)
    let series = Phantom([disc], volume: shape).project(degrees: degrees, binCount: 185)
    let geometry = try TiltGeometry(volume: shape, series: series.shape, degrees: degrees)
    let (volume, report) = try method.reconstruct(
      series, geometry, from: nil, workers: .all, monitor: .silent)
    let spread = WedgePointSpread(.sphere(radius: radius), volume, report)
    return try #require(spread.widthRatio)
  }
}
