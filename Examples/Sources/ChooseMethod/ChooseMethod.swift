// The same series by three methods, and how well each volume explains it.
import Voxtilt

@main
struct ChooseMethod {
  static func main() throws {
    let series = try TiltSeries(
      contentsOf: "tiltseries/particles.tif", tilts: "tiltseries/particles.rawtlt")
    let methods: [any ReconstructionMethod] = [
      FilteredBackProjection(window: .hann), try SIRT(iterations: 30, isNonNegative: true),
      try OSSART(iterations: 5),
    ]
    for method in methods {
      let report = try method.reconstruct(series).report
      print(method.name, report.iterations, report.history.last?.misfit ?? .nan)
    }
  }
}
