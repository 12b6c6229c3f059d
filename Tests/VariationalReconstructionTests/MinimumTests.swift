import VariationalReconstruction
import Fields
import Foundation
import Imaging
import Operators
import Projection
import Reconstruction
import TestSupport
import Testing
import Transforms

@Suite("The minimum that compressed sensing finds")
struct MinimumTests {
  /// One case of Golden/minima.json, smooth_minima.json or blurred_minima.json, made by make_minima.py and the like.
  struct Case: Decodable, CustomTestStringConvertible {
    let name: String
    let degrees: [Double]
    let mu: Double
    let mu1: Double
    let background: Float
    let objective: Double
    let series: [Float]
    let image: [Float]
    /// Of the projections, one for all tilts or one a tilt.
    let spreads: [Spread]?
    /// Whether they are those of layers, the first at depth −10, 4 voxels apart.
    let isLayered: Bool?
    var testDescription: String { name }
  }

  struct Spread: Decodable {
    let rows: Int
    let columns: Int
    let weights: [Double]
  }

  static let cases = ["minima", "smooth_minima", "blurred_minima"].flatMap { name -> [Case] in
    guard let url = Bundle.module.url(forResource: "Golden/\(name)", withExtension: "json"),
      let data = try? Data(contentsOf: url)
    else { return [] }
    return (try? JSONDecoder().decode([Case].self, from: data)) ?? []
  }

  @Test("there are eighteen problems solved in float64") func count() {
    #expect(Self.cases.count == 18)
  }

  @Test("it is that of independent float64 code", arguments: cases)
  func minimum(_ golden: Case) throws {
    let (n, slices, bins) = (16, 3, 23)
    let sharp = try TiltGeometry(
      volume: VolumeShape(width: n, depth: n, sliceCount: slices),
      series: TiltSeriesShape(
        tiltCount: golden.degrees.count, binCount: bins, sliceCount: slices),
      degrees: golden.degrees)
    let spreads = try golden.spreads?.map {
      try PointSpread($0.weights, on: Grid(rowCount: $0.rows, columnCount: $0.columns))
    }
    let geometry = sharp.seen(
      through: spreads.map { spreads in
        golden.isLayered == true
          ? Optics(
            layers: spreads.map { SeriesBlur([$0], of: sharp.series.slabs) }, first: -10,
            spacing: 4) : Optics(SeriesBlur(spreads, of: sharp.series.slabs))
      })
    var series = TiltSeries(zeros: geometry.series, tilts: golden.degrees)
    for (i, value) in golden.series.enumerated() {
      series[i / (slices * bins), i / bins % slices, i % bins] = value
    }
    var method = CompressedSensing()
    method.strength = .mu(golden.mu)
    (method.iterationLimit, method.tolerance) = (8000, 1e-7)
    method.prior.tgvRatio = 2 * 64 / Double(n)
    switch golden.name {
    case "tv in slices": method.prior.reach = .slice
    case "tv + l1":
      method.prior.kind = .tvL1
      method.prior.l1Share = golden.mu1 / golden.mu * Double(n)
    case "l1":
      method.prior.kind = .l1
      method.strength = .mu(golden.mu1)
    case "gradient": method.prior.kind = .gradient
    case "wavelet":
      method.prior.kind = .wavelet
      (method.prior.wavelet, method.prior.levels) = (.haar, 1)
    case "tv, counts", "tv, gaussian blur, counts":
      method.fidelity = .poisson(background: golden.background)
    case "l2": method.prior.kind = .l2
    case "tgv", "tgv, wedge": method.prior.kind = .tgv
    case "tgv in slices":
      method.prior.kind = .tgv
      method.prior.reach = .slice
    case "tgv, counts":
      method.prior.kind = .tgv
      method.fidelity = .poisson(background: golden.background)
    default: break
    }
    let (volume, report) = try method.reconstruct(series, geometry, from: nil, workers: Workers(2))

    var expected = Volume(zeros: geometry.volume)
    for (i, value) in golden.image.enumerated() {
      expected[i % n, i / (n * n), i / n % n] = value
    }
    let isWedge = ["wedge", "a tilt"].contains { golden.name.hasSuffix($0) }
    // That of tgv has unknowns that only the solver knows.
    let objective =
      method.prior.kind == .tgv
      ? try #require(report.history.last?.objective)
      : value(of: volume, series, geometry, golden, method)
    #expect(
      abs(objective - golden.objective) < (isWedge || method.prior.kind == .tgv ? 1e-4 : 1e-5)
        * abs(golden.objective))
    #expect(
      relativeError(of: volume.voxels.span, against: expected.voxels.span) < (isWedge ? 1e-2 : 1e-3)
    )
  }

  /// The objective, summed in Double.
  private func value(
    of volume: Volume, _ series: TiltSeries, _ geometry: TiltGeometry, _ golden: Case,
    _ method: CompressedSensing
  ) -> Double {
    var prediction = TiltSeries(zeros: geometry.series, tilts: golden.degrees)
    ParallelProjector(geometry).apply(
      volume.voxels.span, into: prediction.projections.mutableSpan)
    var value = 0.0
    for tilt in golden.degrees.indices {
      for y in 0..<3 {
        for bin in 0..<23 {
          let (u, m) = (Double(prediction[tilt, y, bin]), Double(series[tilt, y, bin]))
          let b = Double(golden.background)
          value += method.fidelity == .gaussian ? 0.5 * (u - m) * (u - m) : u + b - m * log(u + b)
        }
      }
    }
    let shape = geometry.volume.slabs
    for i in 0..<shape.count { value += golden.mu1 * Double(volume.voxels.span[i]) }
    let gradient = SlabGradient(shape, reach: method.prior.reach)
    switch method.prior.kind {
    case .tv, .tvL1: return value + golden.mu * gradient.totalVariation(volume.voxels.span)
    case .gradient: return value + 0.5 * golden.mu * gradient.squaredLength(volume.voxels.span)
    case .l1, .tgv, .nlm, .denoiser: return value
    case .l2: return value + 0.5 * golden.mu * dot(volume.voxels.span, volume.voxels.span)
    case .wavelet:
      let transform = SlabWavelet(shape, wavelet: .haar, levels: 1)
      var coefficients = volume.voxels
      transform.analyse(&coefficients)
      return value + golden.mu * transform.detailSum(coefficients)
    }
  }
}
