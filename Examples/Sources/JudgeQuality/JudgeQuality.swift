// How far to trust a volume, without knowing the truth.
import Voxtilt

@main
struct JudgeQuality {
  static func main() throws {
    let series = try TiltSeries(
      contentsOf: "tiltseries/particles.tif", tilts: "tiltseries/particles.rawtlt")
    let method = try SIRT(iterations: 20)
    let volume = try method.reconstruct(series).volume
    let study = try QualityStudy(
      of: volume, from: series, TiltGeometry(of: series), method: method)
    let quality = try study.run().0
    print("verdict:", quality.verdict)
  }
}
