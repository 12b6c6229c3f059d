import AlgebraicReconstruction
import Fields
import Imaging
import Operators
import Projection
import Reconstruction
import TestSupport
import Testing

@Suite("Algebraic methods through a point spread")
struct ResponseTests {
  private static let degrees = stride(from: -70.0, through: 70, by: 10).map { $0 }

  private func geometry(_ spread: PointSpread?, slices: Int = 10, bins: Int = 22) throws
    -> TiltGeometry
  {
    let sharp = try TiltGeometry(
      volume: VolumeShape(width: 20, depth: 16, sliceCount: slices),
      series: TiltSeriesShape(
        tiltCount: Self.degrees.count, binCount: bins, sliceCount: slices),
      degrees: Self.degrees)
    return sharp.seen(through: spread.map { Optics(SeriesBlur([$0], of: sharp.series.slabs)) })
  }

  /// A block in vacuum and what is seen of it.
  private func scene(_ geometry: TiltGeometry) -> (Volume, TiltSeries) {
    var truth = Volume(zeros: geometry.volume)
    for y in 3..<7 {
      for z in 5..<11 { for x in 6..<13 { truth[x, y, z] = 2 } }
    }
    var series = TiltSeries(zeros: geometry.series, tilts: Self.degrees)
    ParallelProjector(geometry).apply(
      truth.voxels.span, into: series.projections.mutableSpan)
    return (truth, series)
  }

  static let methods: [any ReconstructionMethod] = {
    let made: [any ReconstructionMethod]? = try? [
      SIRT(iterations: 150), SART(sweeps: 15), OSSART(iterations: 20, subsets: 5),
      CGLS(iterations: 60), MLEM(iterations: 150), TVSART(SART(sweeps: 30), descent: TVDescent()),
    ]
    return made ?? []
  }()

  @Test(
    "each fits a blurred series, and comes nearer to the object than without the point spread",
    arguments: methods.indices)
  func deblurs(_ index: Int) throws {
    let method = Self.methods[index]
    let blurred = try geometry(try PointSpread(gaussian: [0, 1.2, 1.2]))
    let (truth, series) = scene(blurred)
    let (with, _) = try method.reconstruct(series, blurred)
    let (without, _) = try method.reconstruct(series, try geometry(nil))
    let (error, blind) = (
      relativeError(of: with.voxels.span, against: truth.voxels.span),
      relativeError(of: without.voxels.span, against: truth.voxels.span)
    )
    #expect(error < 0.92 * blind, "\(method.name): \(error), \(blind)")
    var seen = FloatStorage(zeros: blurred.series.slabs.count)
    ParallelProjector(blurred).apply(with.voxels.span, into: seen.mutableSpan)
    #expect(relativeError(of: seen.span, against: series.projections.span) < 0.05, "\(method.name)")
  }

  @Test("sart through a sharp point is sart")
  func sharp() throws {
    // All voxels land on the detector: at its edge the two count their sums differently.
    let point = try geometry(try PointSpread([1], on: Grid(rowCount: 1, columnCount: 1)), bins: 40)
    let (_, series) = scene(point)
    let sart = try SART(sweeps: 4)
    let (slabs, _) = try sart.reconstruct(series, try geometry(nil, bins: 40))
    let (tilts, _) = try sart.reconstruct(series, point)
    #expect(relativeError(of: tilts.voxels.span, against: slabs.voxels.span) < 1e-5)
  }

  @Test("Counts have no negative mean, so mlem refuses a spread with negative values")
  func negative() throws {
    let ringing = try PointSpread([-0.1, 1.2, -0.1], on: Grid(rowCount: 1, columnCount: 3))
    let blurred = try geometry(ringing)
    #expect(throws: AlgebraicError.negativeResponse) {
      try MLEM(iterations: 2).reconstruct(scene(geometry(nil)).1, blurred)
    }
  }

  @Test("A run that needs all slices at once is planned in one group, or refused")
  func memory() throws {
    let blurred = try geometry(try PointSpread(gaussian: [0, 1, 1]), slices: 320)
    let sirt = try SIRT(iterations: 5)
    let plan = try MemoryPlan(sirt, blurred, workers: 1, limit: .max)
    #expect(plan.groupCount == 1)
    let less = plan.byteCount - 1
    #expect(throws: MemoryLimitError.self) {
      try MemoryPlan(sirt, blurred, workers: 1, limit: less)
    }
    let along = try geometry(try PointSpread(gaussian: [0, 0, 1]), slices: 320)
    #expect(try MemoryPlan(sirt, along, workers: 1, limit: less).groupCount > 1)
  }
}
