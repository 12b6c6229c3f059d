import ArgumentParser
import Fields
import Files
import Foundation
import Reconstruction
import Records
import SpectralTomography
import StackIO
import SeriesIO
import Workflow

/// `voxtilt spectra`
struct SpectraCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spectra",
    abstract: "Reconstruct spectrum images: one volume per energy channel or element.",
    discussion: """
      The input is a folder with spectra.json, or one ImageJ or OME hyperstack with --tilts and --energy-axis.

      EXAMPLES
        voxtilt spectra info counts
        voxtilt spectra reconstruct counts --method cs --joint collaborative --out volumes
      """,
    subcommands: [
      SpectraInfo.self, SpectraReconstruct.self, SpectraMapsCommand.self, SpectraDenoise.self,
      SpectraExtract.self,
    ])
}

/// A spectrum image, and what the user says of it.
struct SpectraOptions: ParsableArguments {
  @Argument(help: "A folder with spectra.json, or an ImageJ or OME hyperstack.") var data: String

  @Option(
    name: [.customLong("tilts"), .customLong("angles")], parsing: .unconditional,
    help: "For a hyperstack: a file of angles or start:stop:step, in degrees.")
  var tilts: String?
  @Option(
    parsing: .unconditional,
    help: "For a hyperstack: the energy of the first channel and the step, start:step in eV.")
  var energyAxis: AxisArgument?
  @Flag(help: "For a hyperstack: its values are raw counts.") var counts = false

  func source() throws -> SpectralSource {
    var isFolder: ObjCBool = false
    let exists = unsafe FileManager.default.fileExists(atPath: data, isDirectory: &isFolder)
    guard exists else { throw FileError.missing(path: data) }
    if isFolder.boolValue {
      guard tilts == nil, energyAxis == nil, !counts else {
        throw ValidationError(
          "--tilts, --energy-axis and --counts require a hyperstack: a folder has its spectra.json."
        )
      }
      return try SpectralSource(folder: data).withToldCounts()
    }
    guard let tilts, let energyAxis else {
      throw ValidationError("A hyperstack needs --tilts and --energy-axis.")
    }
    return try SpectralSource(
      hyperstack: data, energies: (energyAxis.axis.start, energyAxis.axis.step),
      tilts: try TiltAngles(argument: tilts).degrees, isCounts: counts)
  }
}

/// `voxtilt spectra info`
struct SpectraInfo: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Check every channel and report its counts.",
    discussion: """
      EXAMPLES
        voxtilt spectra info counts
        voxtilt spectra info stack.tif --tilts -70:70:2 --energy-axis 480:12 --counts
      """)
  @OptionGroup(title: "Data") var options: SpectraOptions
  @Flag(help: "Print one JSON object on standard output.") var json = false

  private struct Account: Encodable {
    let tilts: Int
    let width: Int
    let slices: Int
    let counts: Bool
    let channels: [Line]
  }
  private struct Line: Encodable {
    let name: String
    let mean: Double
    let background: Double
    let noise: Double
    let negative: Int
  }

  func run() throws {
    let source = try options.source()
    let lines = try source.channels.indices.map { channel in
      let facts = ChannelFacts(
        try source.load(channel), source.channels[channel], isCounts: source.manifest.isCounts,
        background: source.manifest.background[channel])
      return Line(
        name: facts.channel.name, mean: facts.mean, background: facts.background,
        noise: facts.noise, negative: facts.negativeCount)
    }
    let shape = source.shape
    if json {
      return try Terminal.printJSON(
        Account(
          tilts: shape.tiltCount, width: shape.binCount, slices: shape.sliceCount,
          counts: source.manifest.isCounts, channels: lines))
    }
    print(
      "\(lines.count) channels, \(shape.tiltCount) tilts, \(shape.binCount) × \(shape.sliceCount) "
        + "pixels, \(source.manifest.isCounts ? "counts" : "not stated to be counts")")
    for line in lines {
      print(
        "\(line.name)   mean \(Terminal.short(line.mean))   background "
          + "\(Terminal.short(line.background))   noise \(Terminal.short(line.noise))"
          + (line.negative > 0 ? "   \(line.negative) negative" : ""))
    }
  }
}

/// `voxtilt spectra maps`
struct SpectraMapsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "maps", abstract: "Subtract the background below edges and sum element maps.",
    discussion: """
      Windows come from a table of edges: Fe, O, or Si-K for elements with several edges.

      EXAMPLES
        voxtilt spectra maps counts --elements O,Fe --out maps
        voxtilt spectra maps counts --elements Ni --background-scope pixel --out ni
      """)
  @OptionGroup(title: "Data") var data: SpectraOptions
  @Option(help: "Elements, separated by commas.") var elements: NameList
  @Option(
    help: "region (one exponent, one amplitude per pixel) or pixel (one power law per pixel).")
  var backgroundScope = EdgeBackground.Scope.region
  @Option(help: "A folder for one series per element; it must not exist.") var out: String
  @OptionGroup(title: "Run") var options: RunOptions
  @OptionGroup(title: "Memory") var memory: MemoryOptions

  func run() throws {
    let source = try data.source()
    var recipe = SpectraMaps(source, try elements.windows(source), to: out)
    (recipe.scope, recipe.workers, recipe.command) = (
      backgroundScope, options.workers, TypedCommand.words
    )
    if try memory.isAnswered(by: &recipe, json: options.json) { return }
    try options.reportSpectra(try recipe.run(options.follower), out)
  }
}

/// `voxtilt spectra denoise`
struct SpectraDenoise: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "denoise", abstract: "Keep the principal components, with a scree plot.",
    discussion: """
      EXAMPLES
        voxtilt spectra denoise counts --out denoised
        voxtilt spectra denoise counts --components 4 --out four
      """)
  @OptionGroup(title: "Data") var data: SpectraOptions
  @Option(
    parsing: .unconditional, help: "Number of components to keep; those above the noise by default."
  )
  var components: Int?
  @Option(help: "A folder for one series per channel and the scree plot; it must not exist.")
  var out: String
  @OptionGroup(title: "Run") var options: RunOptions
  @OptionGroup(title: "Memory") var memory: MemoryOptions

  func run() throws {
    var recipe = SpectraDenoising(try data.source(), to: out)
    recipe.componentCount = components
    (recipe.workers, recipe.command) = (options.workers, TypedCommand.words)
    if try memory.isAnswered(by: &recipe, json: options.json) { return }
    try options.reportSpectra(try recipe.run(options.follower), out)
  }
}

/// `voxtilt spectra extract`
struct SpectraExtract: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "extract", abstract: "Extract the spectrum of a region from volumes.",
    discussion: """
      EXAMPLES
        voxtilt spectra extract volumes --box 20:30,10:20,20:30 --out core.csv
        voxtilt spectra extract volumes --mask particle.tif --out particle.csv
      """)
  @Argument(help: "A folder written by spectra reconstruct.") var data: String
  @Option(help: "Voxels first:end along x, y and z, from 0, the end excluded.") var box:
    BoxArgument?
  @Option(help: "A volume that is above 0.5 in the region.") var mask: String?
  @Option(help: "A table, .csv; its sidecar and a chart are written next to it.") var out: String
  @OptionGroup var overwriting: OverwriteOptions
  @OptionGroup var messages: MessageOptions
  @OptionGroup(title: "Memory") var memory: MemoryOptions

  func validate() throws {
    guard (box == nil) != (mask == nil) else {
      throw ValidationError("Give either --box or --mask.")
    }
    guard out.lowercased().hasSuffix(".csv") else {
      throw ValidationError("A spectrum is written as CSV: end --out in .csv.")
    }
  }

  func run() throws {
    let region: SpectrumExtraction.Region =
      if let box { .box(box.box) } else { .mask(path: mask ?? "") }
    var recipe = try SpectrumExtraction(data, region, to: out)
    (recipe.command, recipe.overwrites) = (TypedCommand.words, overwriting.force)
    if try memory.isAnswered(by: &recipe, json: messages.json) { return }
    let lines = try recipe.run(messages.follower)
    if messages.json {
      try Terminal.printJSON(["spectrum": lines])
    } else if !messages.quiet {
      Terminal.say("\(out): \(lines.count) channels")
    }
  }
}

/// `x0:x1,y0:y1,z0:z1`
struct BoxArgument: ExpressibleByArgument {
  let box: SpectrumExtraction.Box

  init?(argument: String) {
    let ranges = argument.split(separator: ",").map { part -> Range<Int>? in
      let ends = part.split(separator: ":").map { Int($0) }
      guard ends.count == 2, let first = ends[0], let end = ends[1], 0 <= first, first < end
      else { return nil }
      return first..<end
    }
    guard ranges.count == 3, let x = ranges[0], let y = ranges[1], let z = ranges[2] else {
      return nil
    }
    box = SpectrumExtraction.Box(x: x, y: y, z: z)
  }
}

/// `Fe,O,Si-K`
struct NameList: ExpressibleByArgument {
  let names: [String]

  init?(argument: String) {
    names = argument.split(separator: ",").map { String($0) }
    guard !names.isEmpty, Set(names).count == names.count else { return nil }
  }

  /// The windows of each on the axis of a spectrum image.
  func windows(_ source: SpectralSource) throws -> [ElementWindows] {
    let energies = source.channels.compactMap(\.energy)
    guard let first = energies.first, let last = energies.last else {
      throw SpectralError.noEnergies(path: source.manifest.files[0])
    }
    return try names.map { try ElementWindows($0, on: first...last) }
  }
}

extension RunOptions {
  /// Prints what was written: the record, or a line and its warnings.
  func reportSpectra(_ record: SpectraRecord, _ out: String) throws {
    let time = record.seconds.map { ", \(Terminal.short($0)) s" } ?? ""
    try report(record, "\(out): \(record.channels.count) channels, \(record.method)\(time)")
  }
}
