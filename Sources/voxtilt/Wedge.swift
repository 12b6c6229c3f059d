import SeriesIO
import ArgumentParser
import Fields
import Files
import Foundation
import Lessons
import MissingWedge
import Reconstruction
import StackIO
import Workflow

/// `voxtilt wedge`
struct Wedge: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wedge",
    abstract: "Show what a tilt series measures and what it does not.",
    discussion: """
      Without a volume: the sampled part of Fourier space, the resolution and the elongation that the \
      tilts allow; with --method also the result of that method for a blob and a sphere. With a volume: \
      the part of it that was inferred and not measured, written as a volume. --demo shows two objects with \
      the same projection, and lamellae that the tilts hardly measure.

      EXAMPLES
        voxtilt wedge --tilts -70:70:2 --out coverage
        voxtilt wedge --tilts s.rawtlt --method sirt --iterations 50 --out sirt
        voxtilt wedge volume.tif --truth truth.tif --out inferred.tif
        voxtilt wedge --tilts -70:70:2 --write-mask mask.tif --size 128,64,128 --soft 3
        voxtilt wedge --demo --out demo
      """)

  @Argument(help: "A volume whose inferred part is computed.") var volume: String?

  @Option(
    name: [.customLong("tilts"), .customLong("angles")], parsing: .unconditional,
    help: ArgumentHelp(
      "A file of angles or start:stop:step, in degrees.",
      discussion: "Not needed for a volume whose sidecar contains them, nor for --demo (-70:70:2).")
  )
  var tilts: String?

  @Option(
    help: ArgumentHelp(
      "Name of the results.",
      discussion: """
        The inferred part of a volume as .tif or .mrc; else the beginning of names (NAME.coverage.svg, \
        NAME.blob.csv …); for --demo a folder.
        """))
  var out: String?

  @Option(
    parsing: .unconditional,
    help: "The diameter of the object, in any unit: the resolution is reported in the same unit.")
  var diameter: Double?

  @Option(help: "The true volume, to split the error.") var truth: String?
  @Option(
    help: "Direction of the tilt axis in the volume's pages: y or x; from its sidecar by default.")
  var tiltAxis: TiltAxis?

  @Option(help: "Write the sampled (1) and missing (0) parts of Fourier space as a stack.")
  var writeMask: String?
  @Option(
    help: "Voxels of that mask along x, y and z; or of the cube of the probes, such as 97,97,97.")
  var size: VoxelCounts?
  @Option(
    parsing: .unconditional, help: "Width of the edge of a mask in degrees. (default: 0)")
  var soft: Double?

  @Option(parsing: .unconditional, help: "The blob's σ in voxels. (default: 3)") var sigma: Double?
  @Option(parsing: .unconditional, help: "The sphere's radius in voxels. (default: 10)")
  var radius: Double?

  @Flag(help: "Show what projections cannot measure.") var demo = false
  @OptionGroup(title: "Method") var choice: MethodOptions
  @OptionGroup var overwriting: OverwriteOptions
  @OptionGroup(title: "Run") var options: RunOptions
  @OptionGroup(title: "Memory") var memory: MemoryOptions

  private var wantsProbe: Bool { choice.given != nil }

  func validate() throws {
    if demo && (volume != nil || wantsProbe || writeMask != nil) {
      throw ValidationError("--demo allows only --tilts and --out. Remove the other options.")
    }
    if demo && out == nil { throw ValidationError("--demo needs --out FOLDER for its figures.") }
    if volume != nil && (wantsProbe || writeMask != nil) {
      throw ValidationError(
        "A volume cannot be combined with --method and --write-mask. Run them separately.")
    }
    if volume != nil && out == nil {
      throw ValidationError(
        "The result of a volume needs a name. Give --out, for example --out inferred.tif.")
    }
    if volume == nil && !demo && tilts == nil {
      throw ValidationError("Give the tilts: --tilts FILE or --tilts start:stop:step.")
    }
    if !wantsProbe, let setting = choice.settings.first {
      throw ValidationError("\(setting.name) requires --method. Add --method, or remove it.")
    }
    for (name, isGiven, isMeant) in [
      ("--truth", truth != nil, volume != nil), ("--tilt-axis", tiltAxis != nil, volume != nil),
      ("--soft", soft != nil, volume != nil || writeMask != nil),
      ("--size", size != nil, wantsProbe || writeMask != nil),
      ("--sigma", sigma != nil, wantsProbe), ("--radius", radius != nil, wantsProbe),
      ("--diameter", diameter != nil, volume == nil && !demo),
    ] where isGiven && !isMeant {
      throw ValidationError("\(name) has no effect here. Remove it; see voxtilt wedge --help.")
    }
    if let soft, !(soft >= 0 && soft <= 45) {
      throw ValidationError("--soft must be between 0 and 45 degrees (got \(soft)).")
    }
    for case (let name, .some(let value)) in [
      ("--diameter", diameter), ("--sigma", sigma), ("--radius", radius),
    ] where !(value > 0 && value.isFinite) {
      throw ValidationError("\(name) must be a positive length (got \(value)).")
    }
    for case (let name, .some(let value)) in [("--sigma", sigma), ("--radius", radius)]
    where value > 512 {
      throw ValidationError("\(name) must be at most 512 voxels (got \(value)).")
    }
    if writeMask != nil && size == nil { throw ValidationError("--write-mask needs --size x,y,z.") }
    guard !choice.iterative.belongsToFullSize else {
      throw ValidationError(
        "--init, --mask and --background are for a series, not for a probe. Remove them.")
    }
    try choice.check(choice.givenNoise)
    if wantsProbe { _ = try probeSize() }
  }

  func run() throws {
    if demo { return try runDemo() }
    if let volume { return try runSplit(volume) }
    guard let tilts else { return }  // validated
    let angles = try TiltAngles(argument: tilts)
    let recipe = CoverageRecipe(degrees: angles.degrees)
    let inputs = [angles.fingerprint].compactMap(\.self)
    let files = try out.map {
      try CoverageRecipe.files(
        $0, hasProbes: wantsProbe, inputs: inputs.map(\.path), overwrites: overwriting.force)
    }
    let mask = size.flatMap { size in
      writeMask.map {
        var target = StackTarget(path: $0)
        target.overwrites = overwriting.force
        var mask = WedgeMaskRecipe(recipe, size.shape, softness: soft ?? 0, to: target)
        (mask.command, mask.inputs) = (TypedCommand.words, inputs)
        mask.memoryLimit = memory.maxMemory.value
        return mask
      }
    }
    let probing = wantsProbe ? try probes(angles) : nil
    let needs = [recipe.memory(), mask?.memory(), try probing?.memory()].compactMap(\.self)
    if let most = needs.max(by: { $0.byteCount < $1.byteCount }),
      try memory.isAnswered(by: most, json: options.json)
    {
      return
    }
    try mask?.run(options.follower)
    let spreads = try probing?.run(options.follower) ?? []
    let facts = WedgeFacts(recipe.summary, spreads, diameter: diameter)
    if let out, let files {
      try recipe.write(
        out, files, spreads, facts, command: TypedCommand.words, inputs: inputs, options.follower)
    }
    if options.json {
      try Terminal.printJSON(facts)
    } else {
      print(recipe.summary.words(diameter: diameter))
      for spread in spreads { print(spread.words) }
    }
    if !options.quiet { for note in angles.notes { Terminal.say("note: \(note)") } }
  }

  private func probes(_ angles: TiltAngles) throws -> PointSpreadRecipe {
    var probing = PointSpreadRecipe(
      try choice.make(), degrees: angles.degrees, size: try probeSize())
    (probing.sigma, probing.radius) = (sigma ?? 3, radius ?? 10)
    (probing.workers, probing.memoryLimit) = (options.workers, memory.maxMemory.value)
    return probing
  }

  /// Odd, and large enough for what stands in it.
  private func probeSize() throws -> Int {
    let side = size?.shape.width ?? 97
    let least = 8 * max((sigma ?? 3), (radius ?? 10) / 4)
    if let shape = size?.shape, shape.depth != side || shape.sliceCount != side {
      throw ValidationError("Probes need a cube: give --size the same number three times.")
    }
    guard side % 2 == 1, Double(side) >= least, (9...1025).contains(side) else {
      throw ValidationError(
        "Probes of this size need a cube of an odd number of voxels, at least \(Int(least.rounded(.up)))."
      )
    }
    return side
  }

  private func runDemo() throws {
    let degrees = try TiltAngles(argument: tilts ?? "-70:70:2").degrees
    var recipe = WedgeDemo(into: out ?? "", degrees: degrees)
    (recipe.workers, recipe.command) = (options.workers, TypedCommand.words)
    recipe.overwrites = overwriting.force
    if try memory.isAnswered(by: recipe.memory(), json: options.json) { return }
    let outcome = try recipe.run(options.follower)
    guard !options.json else { return try Terminal.printJSON(outcome) }
    print(outcome.words)
    if !options.quiet {
      for file in outcome.files { Terminal.say(file) }
    }
  }

  private func runSplit(_ volume: String) throws {
    var target = StackTarget(path: out ?? "")
    target.overwrites = overwriting.force
    var recipe = WedgeSplitRecipe(volume, to: target)
    if let tilts {
      let angles = try TiltAngles(argument: tilts)
      (recipe.degrees, recipe.tiltFile) = (angles.degrees, angles.fingerprint)
    }
    (recipe.axis, recipe.softness, recipe.truth) = (tiltAxis, soft ?? 0, truth)
    (recipe.workers, recipe.command) = (options.workers, TypedCommand.words)
    if try memory.isAnswered(by: &recipe, json: options.json) { return }
    let outcome = try recipe.run(options.follower)
    if !options.quiet {
      for warning in outcome.sidecar.warnings { Terminal.say("note: \(warning)") }
    }
    guard !options.json else { return try Terminal.printJSON(SplitFacts(outcome)) }
    print(outcome.words)
  }
}

extension WedgeDemo {
  /// Slices of 129² voxels.
  fileprivate func memory() -> MemoryNeed {
    MemoryNeed("The demonstration", stages: [8 << 20], cure: "give fewer tilts")
  }
}
