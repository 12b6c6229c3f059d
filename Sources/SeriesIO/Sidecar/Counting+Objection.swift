package import Preparation

extension Counting {
  /// Why a likelihood of counts does not fit them, and what to do; `nil` where it does.
  package func objection(to series: String) -> String? {
    guard case .ended(let step) = self else { return nil }
    let gaussian =
      "reconstruct with a method for Gaussian noise, such as sirt or cs with --fidelity gaussian"
    let cure =
      switch step {
      case "background":
        "Prepare without --background, and give its level in counts to the fit (--background, or \"background\" of spectra.json)"
      case "beerLambert", "readNoise": "For them, \(gaussian)"
      default: "Prepare without that step, or \(gaussian)"
      }
    return """
      The pixels of '\(series)' are no longer counts after the step '\(step)', and a fit of counts assumes the wrong \
      noise. \(cure).
      """
  }
}
