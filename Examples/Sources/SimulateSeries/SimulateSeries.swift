// A phantom, its projections through exact line integrals, counting noise, and how far a reconstruction is from the truth.
import Voxtilt

@main
struct SimulateSeries {
  static func main() throws {
    let recipe = try PhantomRecipe(reading: "phantoms/core-shell.json")
    let phantom = try Phantom(
      recipe, volume: VolumeShape(width: 64, depth: 64, sliceCount: 16))
    var series = phantom.project(degrees: Array(stride(from: -70, through: 70, by: 5)))
    _ = try NoiseModel.poisson(counts: 200, output: .lineIntegrals).apply(to: &series, seed: 1)
    let truth = phantom.render()
    let volume = try SIRT(iterations: 30, isNonNegative: true).reconstruct(series).volume
    var (difference, total) = (0.0, 0.0)
    for i in truth.voxels.span.indices {
      let (x, t) = (Double(volume.voxels.span[i]), Double(truth.voxels.span[i]))
      difference += (x - t) * (x - t)
      total += t * t
    }
    print("relative error", (difference / total).squareRoot())
  }
}
