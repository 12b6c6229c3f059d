import SeriesIO
import ArgumentParser
import Fields
import Inversion
import Foundation
import Reconstruction
import Records
import Fusion
import StackIO
import Workflow

/// `voxtilt fuse`
struct Fuse: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fuse",
    abstract: "Combine HAADF and element maps into sharp maps of each element with little noise.",
    discussion: """
      Fuses images where HAADF has one page, and tilt series into volumes with --tilts. Strengths, \
      gain, offset and the scale of each map are estimated unless given. Where HAADF and maps \
      contradict each other, the denoised maps alone are written, with a message.

      EXAMPLES
        voxtilt fuse --haadf haadf.tif --map Au=au.tif --map Ni=ni.tif --psf 1.5 --out fused.tif
        voxtilt fuse --haadf haadf.mrc --tilts haadf.rawtlt --map Au=au.mrc:au.rawtlt --map \
      Ni=ni.mrc:ni.rawtlt --background 0.5 --out fused.mrc
      """)

  @Option(help: "The HAADF image, or tilt series with --tilts.") var haadf: String
  @Option(
    name: .customLong("map"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "ELEMENT=FILE, or ELEMENT=FILE:TILTS for a chemical tilt series; once for each element.",
      discussion: """
        Tilts are a file of angles or start:stop:step; those of HAADF by default. Each pixel covers \
        k × k HAADF pixels, k a whole number.
        """))
  var maps: [MapArgument]

  @Option(
    name: [.customLong("tilts"), .customLong("angles")], parsing: .unconditional,
    help: """
      The tilts of HAADF: a file of angles or start:stop:step, in degrees; from its files by default.
      """)
  var tilts: String?
  @Option(
    help:
      "Direction of the tilt axis in the images: y or x; from the files by default, or y.")
  var tiltAxis: TiltAxis?
  @Option(
    parsing: .unconditional,
    help: """
      Position of the tilt axis, in pixels of HAADF from the centre; from its sidecar by default, or 0.
      """)
  var axisOffset: Double?
  @Option(parsing: .unconditional, help: "Voxels along the beam; the number of columns by default.")
  var depth: Int?

  @OptionGroup(title: "Model") var model: FuseModelOptions
  @OptionGroup(title: "Strengths") var strengths: FuseStrengthOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Run") var options: RunOptions
  @OptionGroup(title: "Memory") var memory: MemoryOptions

  func validate() throws {
    if maps.isEmpty {
      throw ValidationError("Give the map of at least one element: --map Au=au.tif.")
    }
    if let depth, !(1...16_384 ~= depth) {
      throw ValidationError("--depth must be between 1 and 16384 voxels (got \(depth)).")
    }
    for (option, symbols) in [
      ("--scale", model.scales.map(\.symbol)), ("--weight", model.weights.map(\.symbol)),
      ("--shift", model.shifts.map(\.symbol)),
    ] {
      for symbol in symbols where !maps.contains(where: { $0.symbol == symbol }) {
        throw ValidationError(
          "\(option) \(symbol) has no --map. Add --map \(symbol)=FILE, or remove it.")
      }
    }
    if tilts != nil, !model.shifts.isEmpty { throw Self.shiftedSeries }
  }

  private static let shiftedSeries = ValidationError(
    "--shift is for images. Align tilt series before fusing them.")

  /// HAADF as a tilt series; `nil` for an image.
  private func series() throws -> SeriesSource? {
    guard try tilts != nil || StackReader(path: haadf).info.shape.pageCount > 1 else {
      for (name, isGiven) in [
        ("--depth", depth != nil), ("--axis-offset", axisOffset != nil),
        ("--tilt-axis", tiltAxis != nil), ("tilts of a map", maps.contains { $0.tilts != nil }),
        ("--tilt-yields", model.tiltYields != nil),
      ] where isGiven {
        throw ValidationError("\(name) requires tilt series. Give the tilts of HAADF: --tilts.")
      }
      return nil
    }
    guard model.shifts.isEmpty else { throw Self.shiftedSeries }
    var options = SeriesSource.Options()
    options.tilts = try tilts.map { try TiltAngles(argument: $0) }
    (options.axis, options.axisOffset) = (tiltAxis, axisOffset)
    return try SeriesSource(path: haadf, options)
  }

  /// A map with its own angles: typed, or told by its files, or those of HAADF.
  private func measurement(
    _ map: MapArgument, beside haadf: SeriesSource?
  ) throws -> FusionRecipe.Measurement {
    guard let haadf else { return .image(map.path) }
    var options = SeriesSource.Options()
    options.axis = haadf.axis
    if let typed = map.tilts {
      options.tilts = try TiltAngles(argument: typed)
    } else if try !SeriesSource.tellsTilts(map.path) {
      options.tilts = haadf.angles
    }
    return .series(try SeriesSource(path: map.path, options))
  }

  func run() throws {
    let series = try series()
    let inputs = try maps.map { map in
      var element = try ChemicalElement(map.symbol)
      element.weight = model.weights.last { $0.symbol == map.symbol }?.value
      var input = FusionRecipe.Map(element, try measurement(map, beside: series))
      input.scale = model.scales.last { $0.symbol == map.symbol }?.value
      input.shift = model.shifts.last { $0.symbol == map.symbol }?.value
      return input
    }
    var recipe = FusionRecipe(
      series.map { .series($0) } ?? .image(haadf), inputs,
      to: output.target(axis: series?.axis ?? .y))
    model.apply(to: &recipe)
    strengths.apply(to: &recipe.fusion)
    recipe.depth = depth
    recipe.workers = options.workers
    recipe.command = TypedCommand.words
    if try memory.isAnswered(by: &recipe, json: options.json) { return }
    let outcome = try recipe.run(options.follower)
    if !options.quiet {
      for note in outcome.sidecars[0].warnings { Terminal.say("note: \(note)") }
    }
    guard !options.json else {
      return try Terminal.printJSON(FusionAccount(outcome.result, outcome.vacuum))
    }
    guard !options.quiet else { return }
    for line in outcome.lines { print(line) }
    for sidecar in outcome.sidecars { Terminal.say(sidecar.output.path) }
  }
}

extension FusionRecipe.Outcome {
  /// A line for HAADF and one for each element.
  var lines: [String] {
    func short(_ value: Double?) -> String { Terminal.short(value) }
    func percent(_ bias: CountBias) -> String {
      String(format: "%+.1f ± %.1f %%", 100 * bias.brightest, 100 * bias.error)
    }
    var lines = [
      """
      HAADF: χ² \(short(result.writtenHAADF.pixelChi2)) per pixel, offset \(short(result.calibration.offset)), \
      noise \(short(result.sigma)); λ₁ \(short(result.lambda1)), λ₂ \(short(result.lambda2)), \
      \(result.report.iterations) iterations
      """
    ]
    for (e, element) in result.elements.enumerated() {
      var line = """
        \(element.symbol): χ² \(short(result.written[e].consistency.pixelChi2)) per pixel, brightest counts \
        \(percent(result.written[e].bias)), scale \
        \(short(element.scale)) (\(element.scaleIsGiven ? "given" : "found")), HAADF \
        \(short(element.coefficient)) for 1
        """
      if element.shift.source != .unknown {
        line += ", shift \(element.shift.words) px (\(element.shift.source.words))"
      }
      if let level = vacuum?[e] {
        line +=
          ", vacuum \(short(level.mean)) (\(short(100 * level.relativeMean)) %), rms \(short(level.rms))"
      }
      lines.append(line)
    }
    return lines
  }
}

/// `Au=au.tif` or `Au=au.mrc:au.rawtlt`; a path that exists as a whole is taken as it stands.
struct MapArgument: ExpressibleByArgument {
  let symbol: String
  let path: String
  let tilts: String?

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1).map { String($0) }
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
    symbol = parts[0]
    if !FileManager.default.fileExists(atPath: parts[1]), let colon = parts[1].firstIndex(of: ":") {
      path = String(parts[1][..<colon])
      tilts = String(parts[1][parts[1].index(after: colon)...])
    } else {
      (path, tilts) = (parts[1], nil)
    }
  }
}

/// `Au=16`
struct ScaleArgument: ExpressibleByArgument {
  let symbol: String
  let value: Double

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1).map { String($0) }
    guard parts.count == 2, let value = Double(parts[1]), value > 0, value.isFinite else {
      return nil
    }
    (symbol, self.value) = (parts[0], value)
  }
}

extension MapShift.Source {
  fileprivate var words: String {
    switch self {
    case .unknown, .given, .withinNoise: rawValue
    case .common: "all maps"
    case .own: "its own"
    case .uncertain, .unrelated: "\(rawValue), not used"
    }
  }
}
