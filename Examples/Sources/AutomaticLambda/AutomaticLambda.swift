// Which λ were tried, and what each rule would have chosen.
import Voxtilt

@main
struct AutomaticLambda {
  static func main() throws {
    let series = try TiltSeries(
      contentsOf: "tiltseries/particles.tif", tilts: "tiltseries/particles.rawtlt")
    var method = CompressedSensing(.automatic, prior: Prior(.tv))
    method.iterationLimit = 60
    let report = try method.reconstruct(series).report
    guard let choice = report.lambdaChoice as? StrengthChoice else { return }
    for trial in choice.choice.trials {
      print("λ", trial.lambda, "error of left-out tilts", trial.heldOut ?? .nan)
    }
    print("chosen", choice.choice.lambda, "by", choice.choice.rule)
  }
}
