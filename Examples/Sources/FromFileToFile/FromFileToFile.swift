// From a tilt series to a volume slab by slab, in a quarter of a gigabyte, with a sidecar.
import Voxtilt

@main
struct FromFileToFile {
  static func main() throws {
    var options = SeriesSource.Options()
    options.tilts = try TiltAngles(argument: "tiltseries/particles.rawtlt")
    let source = try SeriesSource(path: "tiltseries/particles.tif", options)
    var recipe = ReconstructionRecipe(
      source, try SIRT(iterations: 20, isNonNegative: true), to: StackTarget(path: "sirt.tif"))
    recipe.memoryLimit = 250_000_000
    let sidecar = try recipe.run(.silent)
    print(sidecar.output.path, sidecar.iterations ?? 0, sidecar.seconds.compute)
  }
}
