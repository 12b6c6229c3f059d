// How much of Fourier space the tilts sample.
import Voxtilt

@main
struct MissingWedgeCoverage {
  static func main() throws {
    let series = try TiltSeries(
      contentsOf: "tiltseries/particles.tif", tilts: "tiltseries/particles.rawtlt")
    let coverage = TiltCoverage(try TiltGeometry(of: series))
    print("sampled fraction of the plane (kx, kz):", coverage.sampledFraction)
  }
}
