// A method of your own: it works wherever those of the package do, and is recorded with its parameters.
import Voxtilt

/// Landweber iteration: `x ← x + β Hᵀ (y − H x)`.
struct Landweber: ReconstructionMethod {
  var iterationLimit = 20
  var step: Float = 1e-4
  var name: String { "landweber" }
  var traits: MethodTraits { MethodTraits(isLinear: true) }

  func reconstruct(
    _ series: TiltSeries, _ geometry: TiltGeometry, from start: Volume?, workers: Workers,
    monitor: Monitor, keeper: (any RunKeeper)?
  ) throws -> (Volume, ReconstructionReport) {
    let projector = ParallelProjector(geometry, workers: workers)
    var volume = start ?? Volume(zeros: geometry.volume, voxelSize: series.pixelSize)
    var residual = FloatStorage(zeros: series.projections.count)
    var update = FloatStorage(zeros: volume.voxels.count)
    for _ in 0..<iterationLimit {
      guard !monitor.isCancelled() else { throw ReconstructionError.interrupted }
      projector.apply(volume.voxels.span, into: residual.mutableSpan)
      var r = residual.mutableSpan
      for i in r.indices { r[i] = series.projections.span[i] - r[i] }
      projector.applyAdjoint(residual.span, into: update.mutableSpan)
      var x = volume.voxels.mutableSpan
      for i in x.indices { x[i] += step * update.span[i] }
    }
    let report = ReconstructionReport(
      method: self, iterations: iterationLimit, history: [], stopReason: .iterationLimit)
    return (volume, report)
  }
}

@main
struct OwnMethod {
  static func main() throws {
    var options = SeriesSource.Options()
    options.tilts = try TiltAngles(argument: "tiltseries/particles.rawtlt")
    let source = try SeriesSource(path: "tiltseries/particles.tif", options)
    let sidecar = try ReconstructionRecipe(
      source, Landweber(), to: StackTarget(path: "landweber.tif")
    ).run(.silent)
    print(sidecar.method, sidecar.settings)
    // The record is enough to make the method again, and to measure quality with it.
    var methods = MethodRegistry.standard
    methods.types["landweber"] = Landweber.self
    guard let run = try RecordedRun(of: "landweber.tif") else { return }
    var quality = try QualityRecipe(repeating: run, of: "landweber.tif", methods: methods)
    quality.overwrites = true
    print(try quality.run(.silent).quality.verdict)
  }
}
