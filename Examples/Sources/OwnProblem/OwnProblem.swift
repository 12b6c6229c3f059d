// The inverse problem itself: least squares plus total variation, with x ≥ 0.
import Voxtilt

@main
struct OwnProblem {
  static func main() throws {
    let series = try TiltSeries(
      contentsOf: "tiltseries/particles.tif", tilts: "tiltseries/particles.rawtlt")
    let projector = ParallelProjector(try TiltGeometry(of: series))
    let fidelity = try DataFidelity(
      SquaredDistance(), of: projector, to: series.projections, series.shape.slabs)
    let gradient = SlabGradient(projector.geometry.volume.slabs, reach: .space, workers: .all)
    let objective = Objective(
      [fidelity], regulariser: try TotalVariation(5, gradient),
      pointwise: try PointwisePenalty(bounds: 0...(.infinity)))
    var x = FloatStorage(zeros: projector.domainCount)
    var solver = PrimalDual()
    solver.iterationLimit = 50
    let report = try solver.minimise(objective, from: &x) { _ in true }
    print("objective", report.objective.last ?? .nan, "after", report.iterations)
  }
}
