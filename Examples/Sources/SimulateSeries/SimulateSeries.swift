// A phantom, and its projections through exact line integrals.
import Voxtilt

@main
struct SimulateSeries {
  static func main() throws {
    let phantom = try Phantom(reading: "phantoms/core-shell.json").0
    let truth = phantom.rasterised()
    print(truth.shape.width, truth.shape.sliceCount, truth.shape.depth)
  }
}
