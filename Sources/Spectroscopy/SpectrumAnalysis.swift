import Foundation
package import Plots
package import Reconstruction

/// What is asked of a spectrum.
package struct SpectrumTask: Sendable, Hashable {
  package enum Method: String, Sendable, Codable, CaseIterable {
    /// A power law is taken away before an edge.
    case background
    /// The zero-loss peak is taken away, and t/λ told.
    case zeroLoss = "zero-loss"
    /// Plural scattering is taken out of a low-loss spectrum.
    case fourierLog = "fourier-log"
    /// Background and plural scattering are taken out of an edge.
    case fourierRatio = "fourier-ratio"

    /// Whether it works on an edge.
    package var hasEdge: Bool { self == .background || self == .fourierRatio }
  }

  package let method: Method
  /// Of an edge: the window of the background and where the edge begins, eV.
  package var window: ClosedRange<Double>?
  package var edge: Double?
  /// Where the zero-loss peak ends, eV.
  package var zeroLossEnd: Double?
  /// What is summed up, eV.
  package var integral: ClosedRange<Double>?

  package init(_ method: Method) { self.method = method }
}

/// What a method makes of a spectrum: columns of a table, facts and warnings.
package struct SpectrumAnalysis {
  private let spectrum: Spectrum
  private let task: SpectrumTask
  /// Beside energy and counts, in this order.
  /// eV.
  private var peakEnd: Double?
  private var columns: [(column: Column, values: [Double])] = []

  private enum Column: String {
    case zeroLoss, inelastic, single, background, signal
  }

  package private(set) var settings: [String: Setting] = [:]
  package private(set) var warnings: [String] = []

  /// - Parameter low: the low-loss spectrum that goes with an edge.
  /// - Throws: ``SpectrumError``
  package init(of spectrum: Spectrum, _ task: SpectrumTask, _ low: Spectrum?) throws {
    (self.spectrum, self.task) = (spectrum, task)
    switch task.method {
    case .background:
      let fit = try background()
      if let window = task.integral {
        let (sum, sigma) = try fit.signal(of: spectrum, in: window)
        tell(window, sum)
        settings["integralSigma"] = .number(sigma)
      }
    case .zeroLoss:
      let peak = try zeroLoss(of: spectrum)
      columns.append((.zeroLoss, peak.spectrum.counts))
      let rest = zip(spectrum.counts, peak.spectrum.counts).map { $0 - $1 }
      columns.append((.inelastic, rest))
      try sum(rest)
    case .fourierLog:
      let peak = try zeroLoss(of: spectrum)
      let single = SingleScattering.fourierLog(spectrum, peak)
      tellCount(spectrum.valueOfACount)
      columns.append((.zeroLoss, peak.spectrum.counts))
      columns.append((.single, single.counts))
      try sum(single.counts)
    case .fourierRatio:
      guard let low else { throw SpectrumError.noLowLoss }
      let fit = try background()
      if let window = task.integral { try fit.checkBehind(window) }
      let peak = try zeroLoss(of: low)
      let single = try SingleScattering.fourierRatio(fit.removed(from: spectrum), low, peak)
      if fit.valueOfACount == 1 { tellCount(low.valueOfACount) }
      columns.append((.single, single.counts))
      try sum(single.counts)
    }
  }

  private mutating func background() throws -> PowerLawBackground {
    guard let window = task.window, let edge = task.edge else { throw SpectrumError.noEdge }
    let fit = try PowerLawBackground(of: spectrum, in: window, before: edge)
    columns.append(
      (
        .background,
        spectrum.energies.map { $0 < window.lowerBound ? 0 : fit.value(at: $0) }
      ))
    columns.append((.signal, fit.removed(from: spectrum).counts))
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
        raises the background: give counts without background subtraction.
        """)
    }
    if fit.chiSquare > 2 {
      warnings.append(
        """
        The background does not follow a power law in its window, or its values are not counts: \
        χ² is \(Self.short(fit.chiSquare)) per degree of freedom, where counts give 1.
        """)
    }
    tellCount(fit.valueOfACount)
    if !(0 < fit.exponent && fit.exponent < 7) {
      warnings.append(
        "An exponent of \(Self.short(fit.exponent)) is unusual; backgrounds have exponents of 2 to 6."
      )
    }
    if let integral = task.integral,
      integral.upperBound - window.upperBound > 2 * (window.upperBound - window.lowerBound)
    {
      warnings.append(
        "The background is extrapolated to more than twice the width of its window. Widen the window."
      )
    }
    return fit
  }

  /// Of values that are no whole numbers.
  private mutating func tellCount(_ value: Double) {
    guard value != 1 else { return }
    settings["valueOfACount"] = .number(value)
    warnings.append(
      """
      The values are not whole numbers: one count is taken as \(String(format: "%.3g", value)) of them, by their scatter from \
      channel to channel. Smoothed or resampled spectra have more noise than this estimate.
      """)
  }

  private mutating func zeroLoss(
    of low: Spectrum
  ) throws -> ZeroLossPeak {
    let peak = try ZeroLossPeak(of: low, endingAt: task.zeroLossEnd)
    settings["zeroLossCentre"] = .number(peak.centre)
    settings["zeroLossWidth"] = .number(peak.width)
    peakEnd = peak.end
    settings["zeroLossEnd"] = .number(peak.end)
    settings["zeroLossCounts"] = .number(peak.intensity)
    settings["totalCounts"] = .number(peak.total)
    settings["thickness"] = .number(peak.relativeThickness)
    if peak.relativeThickness > 2 {
      warnings.append(
        """
        t/λ is \(Self.short(peak.relativeThickness)): beyond 2 the zero-loss peak is too weak to \
        divide by. Record a thinner area.
        """)
    }
    let tail = low.counts.suffix(max(3, low.count / 100))
    let level = tail.reduce(0, +) / Double(tail.count) * Double(low.count)
    if level > 0.05 * (peak.total - peak.intensity) {
      warnings.append(
        """
        The low-loss spectrum ends before it has decayed, so t/λ and plural scattering are \
        underestimated. Record it to higher energies.
        """)
    }
    return peak
  }

  private mutating func sum(_ values: [Double]) throws {
    guard let window = task.integral else { return }
    tell(window, try spectrum.channels(window).reduce(0) { $0 + values[$1] })
  }

  private mutating func tell(_ window: ClosedRange<Double>, _ sum: Double) {
    settings["integralWindow"] = .text(Self.words(window))
    settings["integral"] = .number(sum)
  }

  // MARK: - What is written

  package func table() throws(PlotError) -> Table {
    var table = Table(["energy_eV", "counts"] + columns.map(\.column.rawValue))
    for i in spectrum.energies.indices {
      try table.append(
        [.number(spectrum.energies[i]), .number(spectrum.counts[i])]
          + columns.map { .number($0.values[i]) })
    }
    return table
  }

  /// What was found, against energy; a zero-loss peak, which would hide the rest, is left out.
  package func chart() -> Chart {
    let first = task.method.hasEdge ? 0 : endOfZeroLoss
    func line(_ name: String, _ values: [Double], from first: Int) -> Chart.Series {
      Chart.Series(
        name, (first..<values.count).map { Chart.Point(spectrum.energies[$0], values[$0]) })
    }
    // Nothing is said of an edge before the window of its background.
    let start = max(first, startOfWindow)
    return Chart(
      task.method.rawValue, x: Chart.Axis("energy loss / eV"), y: Chart.Axis("counts"),
      series: [line("measured", spectrum.counts, from: first)]
        + columns.filter { $0.column != .zeroLoss }.map {
          line($0.column.rawValue, $0.values, from: start)
        })
  }

  private var startOfWindow: Int {
    let background = columns.first { $0.column == .background }
    return background?.values.firstIndex { $0 > 0 } ?? 0
  }

  private var endOfZeroLoss: Int {
    guard let peakEnd else { return 0 }
    return spectrum.energies.firstIndex { $0 > peakEnd } ?? 0
  }

  private static func words(_ window: ClosedRange<Double>) -> String {
    "\(window.lowerBound):\(window.upperBound)"
  }

  private static func short(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
}
