import SeriesIO
import ArgumentParser
import Foundation
import Reconstruction
public import Spectroscopy
import Workflow

extension SpectrumTask.Method: ExpressibleByArgument {}

/// `voxtilt spectrum`
struct SpectrumCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spectrum",
    abstract: "Remove background and plural scattering from an energy-loss spectrum.",
    discussion: """
      Spectra are CSV tables of energy and counts, or one line of pixels with --axis.

      EXAMPLES
        voxtilt spectrum low.csv --method fourier-log --out single.csv
        voxtilt spectrum core.csv --method fourier-ratio --low-loss low.csv --edge 401 \
      --window 340:398 --integrate 401:451 --out edge.csv
      """)

  @Argument(help: "The spectrum.") var spectrum: String
  @Option(help: "background, zero-loss, fourier-log or fourier-ratio.")
  var method: SpectrumTask.Method
  @Option(parsing: .unconditional, help: "Onset of the edge, eV.") var edge: Double?
  @Option(
    parsing: .unconditional,
    help: "Window of the background fit before the edge, first:end in eV.")
  var window: EnergyWindow?
  @Option(help: "The low-loss spectrum that belongs to the edge, for fourier-ratio.")
  var lowLoss: String?
  @Option(
    parsing: .unconditional,
    help: "End of the zero-loss peak, eV; by default the lowest channel after it.")
  var zeroLossEnd: Double?
  @Option(parsing: .unconditional, help: "Window of the integral, first:end in eV.")
  var integrate: EnergyWindow?
  @Option(
    parsing: .unconditional,
    help: "The energy of the first channel and the step, start:step in eV, of TIFF and MRC.")
  var axis: AxisArgument?
  @Option(
    help: "Name of the table; .csv. Its chart (.svg) and sidecar (.json) are written next to it.")
  var out: String
  @OptionGroup var overwriting: OverwriteOptions
  @OptionGroup var messages: MessageOptions
  @OptionGroup(title: "Memory") var memory: MemoryOptions

  func validate() throws {
    if method.hasEdge && (edge == nil || window == nil) {
      throw ValidationError("--method \(method.rawValue) needs --edge E and --window first:end.")
    }
    if !method.hasEdge && (edge != nil || window != nil) {
      throw ValidationError("--edge and --window require --method background or fourier-ratio.")
    }
    if (method == .fourierRatio) != (lowLoss != nil) {
      throw ValidationError(
        method == .fourierRatio
          ? "--method fourier-ratio needs --low-loss FILE."
          : "--low-loss requires --method fourier-ratio.")
    }
    if method == .background && zeroLossEnd != nil {
      throw ValidationError("--zero-loss-end has no effect with --method background. Remove it.")
    }
    if axis != nil
      && [spectrum, lowLoss ?? spectrum].allSatisfy({ $0.lowercased().hasSuffix(".csv") })
    {
      throw ValidationError("--axis requires TIFF or MRC: a table has its energies.")
    }
  }

  func run() throws {
    var task = SpectrumTask(method)
    (task.window, task.edge, task.integral) = (window?.range, edge, integrate?.range)
    task.zeroLossEnd = zeroLossEnd
    var recipe = SpectrumRecipe(spectrum, task, to: out)
    (recipe.lowLoss, recipe.axis) = (lowLoss, axis?.axis)
    (recipe.command, recipe.overwrites) = (TypedCommand.words, overwriting.force)
    if try memory.isAnswered(by: &recipe, json: messages.json) { return }
    let sidecar = try recipe.run(messages.follower)
    try messages.report(sidecar, "\(out): \(method.rawValue)\(Self.words(sidecar))")
  }

  /// `, t/λ 0.51, integral 1.02e6 ± 4e3`
  private static func words(_ sidecar: Sidecar) -> String {
    func number(_ key: String) -> Double? {
      switch sidecar.settings[key] {
      case .number(let value)?: value
      default: nil
      }
    }
    var words = ""
    if let thickness = number("thickness") { words += ", t/λ \(Terminal.short(thickness))" }
    if let chi = number("chiSquare") { words += ", χ² \(Terminal.short(chi))" }
    if let integral = number("integral") { words += ", integral \(Terminal.short(integral))" }
    if let sigma = number("integralSigma") { words += " ± \(Terminal.short(sigma))" }
    return words
  }
}

/// `first:end`, eV.
struct EnergyWindow: ExpressibleByArgument {
  let range: ClosedRange<Double>

  init?(argument: String) {
    let ends = argument.split(separator: ":", omittingEmptySubsequences: false).map { Double($0) }
    guard ends.count == 2, let first = ends[0], let end = ends[1], first < end, first.isFinite,
      end.isFinite
    else { return nil }
    range = first...end
  }
}

/// `start:step`, eV.
struct AxisArgument: ExpressibleByArgument {
  let axis: EnergyAxis

  init?(argument: String) {
    guard let axis = EnergyAxis(argument) else { return nil }
    self.axis = axis
  }
}
