import Foundation
import Plots
public import Reconstruction
import Spectroscopy

/// What a method makes of a spectrum: columns of a table, facts and warnings.
struct SpectrumWork {
  let spectrum: Spectrum
  /// Beside energy and counts, in this order.
  private var columns: [(name: String, values: [Double])] = []
  private(set) var settings: [String: Setting] = [:]
  private(set) var warnings: [String] = []

  init(_ spectrum: Spectrum) { self.spectrum = spectrum }

  mutating func carryOut(_ recipe: SpectrumRecipe, _ low: Spectrum?) throws {
    switch recipe.method {
    case .background:
      let fit = try background(recipe)
      if let window = recipe.integral {
        let (sum, sigma) = try fit.signal(of: spectrum, in: window)
        tell(window, sum)
        settings["integralSigma"] = .number(sigma)
      }
    case .zeroLoss:
      let peak = try zeroLoss(of: spectrum, recipe)
      columns.append(("zeroLoss", peak.spectrum.counts))
      let rest = zip(spectrum.counts, peak.spectrum.counts).map { $0 - $1 }
      columns.append(("inelastic", rest))
      try sum(rest, recipe)
    case .fourierLog:
      let peak = try zeroLoss(of: spectrum, recipe)
      let single = SingleScattering.fourierLog(spectrum, peak)
      tellCount(spectrum.valueOfACount)
      columns.append(("zeroLoss", peak.spectrum.counts))
      columns.append(("single", single.counts))
      try sum(single.counts, recipe)
    case .fourierRatio:
      guard let low else { throw WorkflowError.noLowLoss }
      let fit = try background(recipe)
      if let window = recipe.integral { try fit.checkBehind(window) }
      let peak = try zeroLoss(of: low, recipe)
      let single = try SingleScattering.fourierRatio(fit.removed(from: spectrum), low, peak)
      if fit.valueOfACount == 1 { tellCount(low.valueOfACount) }
      columns.append(("single", single.counts))
      try sum(single.counts, recipe)
    }
  }

  private mutating func background(_ recipe: SpectrumRecipe) throws -> PowerLawBackground {
    guard let window = recipe.window, let edge = recipe.edge else { throw WorkflowError.noEdge }
    let fit = try PowerLawBackground(of: spectrum, in: window, before: edge)
    columns.append(
      (
        "background",
        spectrum.energies.map { $0 < window.lowerBound ? 0 : fit.value(at: $0) }
      ))
    columns.append(("signal", fit.removed(from: spectrum).counts))
    settings["window"] = .text(Self.words(window))
    settings["edge"] = .number(edge)
    settings["exponent"] = .number(fit.exponent)
    settings["chiSquare"] = .number(fit.chiSquare)
    settings["relativeResidual"] = .number(fit.relativeResidual)
    if let negative = fit.negative {
      warnings.append(
        """
        \(negative.count) of the \(negative.channelCount) values in the window are negative, the first \
        \(Self.short(negative.first)) at \(Self.short(negative.energy)) eV. They are fitted as 0, which \
        raises the background: give counts from which nothing was subtracted.
        """)
    }
    if fit.chiSquare > 2 {
      warnings.append(
        """
        The background does not follow a power law in its window, or its values are not counts: \
        χ² is \(Self.short(fit.chiSquare)) a degree of freedom, where counts give 1.
        """)
    }
    tellCount(fit.valueOfACount)
    if !(0 < fit.exponent && fit.exponent < 7) {
      warnings.append(
        "An exponent of \(Self.short(fit.exponent)) is unusual; backgrounds have 2 to 6.")
    }
    if let integral = recipe.integral,
      integral.upperBound - window.upperBound > 2 * (window.upperBound - window.lowerBound)
    {
      warnings.append(
        "The background is followed to more than twice the width of its window: widen the window.")
    }
    return fit
  }

  /// Of values that are no whole numbers.
  private mutating func tellCount(_ value: Double) {
    guard value != 1 else { return }
    settings["valueOfACount"] = .number(value)
    warnings.append(
      """
      The values are no whole numbers: one count is taken as \(String(format: "%.3g", value)) of them, by how they scatter from \
      channel to channel. Smoothed or resampled spectra have more noise than that tells.
      """)
  }

  private mutating func zeroLoss(
    of low: Spectrum, _ recipe: SpectrumRecipe
  ) throws -> ZeroLossPeak {
    let peak = try ZeroLossPeak(of: low, endingAt: recipe.zeroLossEnd)
    settings["zeroLossCentre"] = .number(peak.centre)
    settings["zeroLossWidth"] = .number(peak.width)
    settings["zeroLossEnd"] = .number(peak.end)
    settings["zeroLossCounts"] = .number(peak.intensity)
    settings["totalCounts"] = .number(peak.total)
    settings["thickness"] = .number(peak.relativeThickness)
    if peak.relativeThickness > 2 {
      warnings.append(
        """
        t/λ is \(Self.short(peak.relativeThickness)): beyond 2 the zero-loss peak is too weak to \
        divide by. Take a thinner place.
        """)
    }
    let tail = low.counts.suffix(max(3, low.count / 100))
    let level = tail.reduce(0, +) / Double(tail.count) * Double(low.count)
    if level > 0.05 * (peak.total - peak.intensity) {
      warnings.append(
        """
        The low-loss spectrum ends before it has fallen off, so that t/λ and plural scattering are \
        underestimated. Record it to higher energies.
        """)
    }
    return peak
  }

  private mutating func sum(_ values: [Double], _ recipe: SpectrumRecipe) throws {
    guard let window = recipe.integral else { return }
    tell(window, try spectrum.channels(window).reduce(0) { $0 + values[$1] })
  }

  private mutating func tell(_ window: ClosedRange<Double>, _ sum: Double) {
    settings["integralWindow"] = .text(Self.words(window))
    settings["integral"] = .number(sum)
  }

  // MARK: - What is written

  func table() throws(PlotError) -> Table {
    var table = Table(["energy_eV", "counts"] + columns.map(\.name))
    for i in spectrum.energies.indices {
      try table.append(
        [.number(spectrum.energies[i]), .number(spectrum.counts[i])]
          + columns.map { .number($0.values[i]) })
    }
    return table
  }

  /// What was found, against energy; a zero-loss peak, which would hide the rest, is left out.
  func chart(_ method: SpectrumRecipe.Method) -> Chart {
    let first = method.hasEdge ? 0 : endOfZeroLoss
    func line(_ name: String, _ values: [Double], from first: Int) -> Chart.Series {
      Chart.Series(
        name, (first..<values.count).map { Chart.Point(spectrum.energies[$0], values[$0]) })
    }
    // Nothing is said of an edge before the window of its background.
    let start = max(first, startOfWindow)
    return Chart(
      method.rawValue, x: Chart.Axis("energy loss / eV"), y: Chart.Axis("counts"),
      series: [line("measured", spectrum.counts, from: first)]
        + columns.filter { $0.name != "zeroLoss" }.map { line($0.name, $0.values, from: start) })
  }

  private var startOfWindow: Int {
    let background = columns.first { $0.name == "background" }
    return background?.values.firstIndex { $0 > 0 } ?? 0
  }

  private var endOfZeroLoss: Int {
    guard case .number(let end)? = settings["zeroLossEnd"] else { return 0 }
    return spectrum.energies.firstIndex { $0 > end } ?? 0
  }

  private static func words(_ window: ClosedRange<Double>) -> String {
    "\(window.lowerBound):\(window.upperBound)"
  }

  private static func short(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
}
