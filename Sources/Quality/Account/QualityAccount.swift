import Inversion
package import Plots
import Transforms

/// What was found, in words and charts for people: a title, a table, sentences, and charts.
package struct QualityAccount: Sendable {
  package let title: String
  /// Of the table; its first column names the rows.
  package let header: [String]
  package let rows: [[String]]
  package let paragraphs: [String]
  package let charts: [Chart]
  /// What a reader should know first; `nil` where the fit is as it should be.
  package let warning: String?

  package init(_ result: QualityResult) {
    title = "Quality without a truth"
    (header, rows) = Self.table(result.correlation)
    paragraphs =
      [result.correlationInWords, result.verdictInWords, result.predictionInWords]
      .compactMap(\.self) + [result.spectrumInWords, result.indicatorsInWords]
    charts = QualityCharts.all(result)
    warning = result.verdict.isWarning ? result.judgement : nil
  }

  package init(
    _ correlation: CorrelationResult, sampledFraction: Double, isPlane: Bool, warnings: [String]
  ) {
    let what = isPlane ? "Fourier ring correlation" : "Fourier shell correlation"
    title = what
    (header, rows) = Self.table(correlation)
    let part = percent(sampledFraction)
    let wedge =
      sampledFraction < 1
      ? " The comparison covers what the tilts sample, \(part) of Fourier space." : ""
    paragraphs =
      [
        "\(what): resolution only where the two were measured and computed independently of each other."
          + wedge
      ] + warnings
    charts = [QualityCharts.correlation(correlation)]
    warning = nil
  }

  private static func table(_ correlation: CorrelationResult) -> ([String], [[String]]) {
    let curves = correlation.curves
    return (
      ["detail"] + curves.map(\.direction.words),
      ShellCorrelation.Threshold.allCases.map { threshold in
        [threshold.rawValue]
          + curves.map { $0.crossing(threshold).map(\.words) ?? "not measured" }
      }
    )
  }
}

extension CorrelationResult.Direction {
  /// By the tilt axis, which need not run along y in a picture.
  var words: String {
    switch self {
    case .all: "all directions"
    case .x: "across the axis"
    case .y: "along the axis"
    case .z: "along the beam"
    }
  }
}

private func percent(_ part: Double) -> String { (100 * part).digits(3) + " %" }

extension CorrelationResult.Crossing {
  /// `3.2 nm`, `finer than 2 voxels`, `not measured`.
  fileprivate var words: String {
    guard let voxels else { return "not measured" }
    let length = nanometres.map { "\($0.digits(3)) nm" } ?? "\(voxels.digits(3)) voxels"
    return switch outcome {
    case .crossing: length
    case .beyond: "finer than \(length)"
    case .coarser: "coarser than \(length)"
    case .notMeasured: "not measured"
    }
  }
}

extension QualityResult {
  /// A length in voxels, in nm too where a voxel's size is known.
  private func length(_ voxels: Double) -> String {
    correlation.voxelSize.map { "\((voxels * $0).digits(3)) nm" }
      ?? "\(voxels.digits(3)) voxels"
  }

  fileprivate var correlationInWords: String {
    let label =
      method.character.label == .resolution
      ? "Even and odd tilts, reconstructed separately by \(method.name): the detail that both show."
      : """
      Consistency, not resolution: \(method.name) adds the same prior knowledge to both halves \
      (a prior, or voxels kept from being negative), which alone can make them similar.
      """
    let limit = extent.halvesLimit.map {
      """
       Tilts of a half are twice as far apart: no finer than \(length($0)) for an object \
      \(length(extent.diameter)) across (\(extent.isDiameterGiven ? "given" : "estimated")).
      """
    }
    let part = percent(extent.sampledFraction)
    let isMeasured = correlation[.all]?.crossings.contains { $0.outcome != .notMeasured } ?? false
    let gap =
      isMeasured
      ? ""
      : " No detail is measured: a half is constant, or has too few coefficients in every shell."
    return label + (limit ?? "")
      + " The comparison covers what both sample, \(part) of Fourier space." + gap
  }

  fileprivate var verdictInWords: String {
    let ratio = fit.overNoise.map { $0.digits(3) } ?? "unknown"
    let source =
      switch fit.noise?.source {
      case .given: "as given"
      case .sidecar: "as simulated"
      case .counts: "of counts"
      case .brightness:
        "measured in the series: the variance grows by \(gainInWords) per unit of brightness"
      case .estimate: "estimated from the series"
      case nil: "unknown"
      }
    let correlation = [("bins", fit.alongBins), ("slices", fit.alongSlices)].compactMap {
      name, value in
      value.map { "\($0.digits(3)) along \(name)" }
    }.joined(separator: ", ")
    let sigma = fit.noise.map { ", σ = \($0.sigma.digits(3)) \(source)" } ?? ""
    let facts =
      "Residual: \(ratio) of the noise\(sigma); neighbours correlated \(correlation.isEmpty ? "not measured" : correlation)."
    return facts + " " + judgement
  }

  private var gainInWords: String {
    fit.noise?.counting.map { $0.gain.digits(3) } ?? "an unknown amount"
  }

  fileprivate var judgement: String {
    switch verdict {
    case .overRegularised:
      """
      Over-regularised: the residual is larger than the noise and smooth. Decrease λ or iterate \
      further; if that does not help, check the axis, the alignment and the edge of the object.
      """
    case .underRegularised:
      """
      Under-regularised: the fit follows the noise, and averaging neighbours would predict left-out tilts \
      better. Increase λ or iterate less.
      """
    case .noiseUnderstated:
      "The residual is larger than the noise, but white: the noise is larger than was assumed."
    case .consistent: "Consistent with the noise."
    case .direct:
      "\(method.name) does not fit the series, so its residual does not show its strength."
    case .unknown:
      """
      The noise level is not measured: the pages are too small, or contain no noise that neighbouring pixels \
      show. Without it there is no verdict and no prediction; give it as voxtilt quality --noise.
      """
    }
  }

  fileprivate var predictionInWords: String? {
    guard let prediction else { return nil }
    let ratio = prediction.overNoise.map { "\($0.digits(3)) (1 is the best possible)" }
    let blurred = prediction.blurGain.map {
      "averaged over neighbouring pixels, every fifth tilt is "
        + "\(percent(abs($0))) \($0 > 0 ? "closer" : "further off")."
    }
    let gain = blurred ?? "it is exact, and the effect of averaging is not measured."
    return
      "Prediction of left-out tilts, with the noise of the halves: \(ratio ?? "not measured"); \(gain)"
      + (prediction.error.map { " " + words($0) } ?? "")
  }

  private static let cutInWords = """
     The object extends beyond the field: its mean in each layer across the beam is not measured, and adds to \
    the error. The prediction is then the residual of every fifth tilt.
    """

  private func words(_ error: ErrorEstimate) -> String {
    let limit = error.floor.digits(3)
    guard let total = error.total, total > error.floor else {
      return error.floor > 0
        ? "Estimated error of the volume: below \(limit), which the estimated noise level hides."
        : "The error of the volume is not measured: left-out tilts differ by no more than their noise."
    }
    let hidden =
      error.floor > 0
      ? " Less than \(limit) would not show, since the noise level is estimated." : ""
    return """
      Estimated error of the volume: \(total.digits(3)) (root mean square, units of the volume): \
      \(error.sampled.digits(3)) where tilts measured, \(error.wedge.digits(3)) in the missing wedge, \
      \(error.noise.digits(3)) noise.\(hidden)\(extent.isCut ? Self.cutInWords : "")
      """
  }

  fileprivate var spectrumInWords: String {
    let ranges = spectrum.filledIn.filter { $0.upperBound > 0 }
    let share = spectrum.missingShare.map(percent) ?? "not measured"
    let filled =
      ranges.isEmpty
      ? "No shell of it rises above twice the noise."
      : """
      It rises above twice the noise, filled in and not measured, at \(ranges.prefix(3).map {
        $0.lowerBound == $0.upperBound
          ? $0.lowerBound.digits(3)
          : "\($0.lowerBound.digits(3)) to \($0.upperBound.digits(3))"
      }.joined(separator: ", "))\(ranges.count > 3 ? " and more" : "") cycles per voxel.
      """
    let limit = extent.seriesLimit.map {
      " Detail finer than \(length($0)) lies between the tilts, for an object \(length(extent.diameter)) across."
    }
    return
      "Power where no tilt measured: \(share)\(spectrum.missingShare == nil ? "" : " of all"). "
      + filled
      + (limit ?? "")
  }

  fileprivate var indicatorsInWords: String {
    let streak = indicators.streak.map { "\($0.digits(3)) (1 is none)" } ?? "not measured"
    let flat = indicators.flatShare.map { percent($0) } ?? "not measured"
    var edges = "not measured"
    if let over = indicators.overshoot, let under = indicators.undershoot {
      let width = indicators.edgeWidth.map { "\(length($0)) wide from 10 to 90 %, " } ?? ""
      edges =
        "\(width)\(percent(over)) of overshoot and \(percent(under)) of undershoot"
    }
    return "Streaks: \(streak). Flat patches: \(flat) of the object. Edges: \(edges)."
  }
}

extension FitVerdict {
  fileprivate var isWarning: Bool {
    switch self {
    case .overRegularised, .underRegularised, .noiseUnderstated: true
    case .consistent, .direct, .unknown: false
    }
  }
}
