// Reads a tilt series, chooses λ from the data, and writes the volume.
import Voxtilt

@main
struct ReadAndReconstruct {
  static func main() throws {
    let series = try TiltSeries(
      contentsOf: "tiltseries/particles.tif", tilts: "tiltseries/particles.rawtlt")
    let result = try CompressedSensing(.automatic).reconstruct(series)
    print("λ", result.report.lambda ?? 0, result.report.warnings)
    try result.volume.write(to: "volume.tif", overwrites: true)
  }
}
