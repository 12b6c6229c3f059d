import SeriesIO
import ArgumentParser
import Fields
import Files
import Phantoms
import Projection
import Reconstruction
import SpectralTomography
import StackIO
import Workflow

/// `voxtilt simulate`
struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Make a tilt series from a phantom or a volume, with noise.",
    discussion: """
      A recipe is projected through exact line integrals, a volume file through the projector.

      EXAMPLES
        voxtilt simulate phantoms/sphere.json --tilts -70:70:2 --noise 2% --out s.tif
        voxtilt simulate volume.mrc --tilts -60:60:3 --counts 100 --out s.mrc
        voxtilt simulate phantoms/spectral/particle.json --spectral --tilts -70:70:2 --counts 1 \
      --out counts
      """)

  @Argument(help: "A recipe (.json) or a volume (.tif, .mrc).") var object: String

  @Flag(
    help: ArgumentHelp(
      "The recipe is a scene of materials with spectra; --out is a folder, with a stack per channel.",
      discussion: "--counts is then the mean over the object's projection and over the channels."))
  var spectral = false
  @Option(
    parsing: .unconditional,
    help: "With --spectral: background counts in every pixel and channel. (default: 0)")
  var background: Double?
  @Flag(help: "With --spectral: also write the true volumes, in the folder OUT-truth.") var truth =
    false

  @Option(
    name: [.customLong("tilts"), .customLong("angles")], parsing: .unconditional,
    help: "A file of angles or start:stop:step, in degrees.")
  var tilts: String

  @Option(
    parsing: .unconditional,
    help: "Gaussian noise: its standard deviation, or 2% of the largest clean value.")
  var noise: NoiseLevel?
  @Option(
    parsing: .unconditional,
    help: "Counting noise: counts expected at the brightest pixel of the tilt closest to 0°.")
  var counts: Double?
  @Option(parsing: .unconditional, help: "Counting noise: electrons per nm² in the whole series.")
  var dose: Double?
  @Option(
    parsing: .unconditional,
    help: "The fraction of those electrons that reaches the detector. (default: 1)")
  var collectedFraction: Double?
  @Option(
    parsing: .unconditional,
    help: "Counting noise: read noise of a pixel in electrons, root mean square. (default: 0)")
  var readNoise: Double?
  @Option(help: "Values of a series with counting noise: lineIntegrals or counts.")
  var countsAs: NoiseModel.Output?
  @Option(parsing: .unconditional, help: "The seed of the noise.") var seed: UInt64 = 1

  @Option(parsing: .unconditional, help: "Detector bins; by default the width of the object.")
  var bins: Int?
  @Option(help: "Voxels of a recipe along x, y and z.") var size: VoxelCounts?
  @Option(parsing: .unconditional, help: "The size of a voxel in nm.") var voxelSize: Double?
  @Option(parsing: .unconditional, help: "Position of the tilt axis, in bins from the centre.")
  var axisOffset = 0.0
  @Option(
    parsing: .unconditional,
    help: "Position of the object's centre along the beam, in voxels from the tilt axis.")
  var zOffset = 0.0
  @Option(help: "Direction of the tilt axis in the images: y or x.") var tiltAxis = TiltAxis.y
  @Option(help: "Rays for a volume file: joseph or strip. (default: joseph)")
  var rays: RayModel?

  @OptionGroup(title: "Microscope") var microscope: OpticsOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Run") var options: RunOptions
  @OptionGroup(title: "Memory") var memory: MemoryOptions

  private var isRecipe: Bool { object.lowercased().hasSuffix(".json") }

  func validate() throws {
    try validateSpectral()
    if [noise != nil, counts != nil, dose != nil].filter({ $0 }).count > 1 {
      throw ValidationError("Give only one of --noise, --counts and --dose.")
    }
    if collectedFraction != nil && dose == nil {
      throw ValidationError("--collected-fraction requires --dose.")
    }
    if countsAs != nil && dose == nil && counts == nil {
      throw ValidationError("--counts-as requires --counts or --dose.")
    }
    if let readNoise {
      guard dose != nil || counts != nil else {
        throw ValidationError("--read-noise requires --counts or --dose.")
      }
      guard readNoise >= 0 && readNoise <= 1e12 else {
        throw ValidationError("--read-noise must be 0 electrons or more (got \(readNoise)).")
      }
    }
    if let bins, !(1...65_536 ~= bins) {
      throw ValidationError("--bins must be between 1 and 65536 (got \(bins)).")
    }
    if let voxelSize, !(voxelSize > 0 && voxelSize.isFinite) {
      throw ValidationError("--voxel-size must be a positive length in nm (got \(voxelSize)).")
    }
    try microscope.check(rays)
    if isRecipe && rays != nil {
      throw ValidationError("--rays requires a volume file: a recipe has exact line integrals.")
    }
    if !isRecipe && size != nil {
      throw ValidationError("--size requires a recipe: a volume file has its own size.")
    }
  }

  func run() throws {
    let angles = try TiltAngles(argument: tilts)
    guard !spectral else { return try runSpectral(angles) }
    let object: Simulation.Object =
      isRecipe
      ? .phantom(
        try Phantom(
          try PhantomRecipe(reading: object), volume: size?.shape, voxelSize: voxelSize),
        recipe: try Fingerprint(path: object))
      : .volume(path: object, rays: rays ?? .joseph)
    var simulation = Simulation(object, tilts: angles, to: output.target(axis: tiltAxis))
    (simulation.noise, simulation.seed) = (model, seed)
    (simulation.binCount, simulation.voxelSize) = (bins, voxelSize)
    (simulation.axisOffset, simulation.zOffset) = (axisOffset, zOffset)
    simulation.opticsFile = try microscope.fingerprint()
    simulation.optics = microscope.source
    (simulation.workers, simulation.command) = (options.workers, TypedCommand.words)
    if try memory.isAnswered(by: &simulation, json: options.json) { return }
    let sidecar = try simulation.run(options.follower)
    try options.report(sidecar, "\(output.out): \(angles.degrees.count) tilts, \(sidecar.method)")
  }

  private var model: NoiseModel {
    let output = countsAs ?? .lineIntegrals
    if let noise { return noise.model }
    if let counts {
      return .poisson(counts: counts, readNoise: readNoise ?? 0, output: output)
    }
    guard let dose else { return .none }
    return .dose(
      perSquareNanometre: dose, collectedFraction: collectedFraction ?? 1,
      readNoise: readNoise ?? 0, output: output)
  }
}

/// `0.5` is a standard deviation, `2%` a part of the largest value.
struct NoiseLevel: ExpressibleByArgument {
  let model: NoiseModel

  init?(argument: String) {
    if argument.hasSuffix("%") {
      guard let percent = Double(argument.dropLast()), percent > 0, percent.isFinite else {
        return nil
      }
      model = .relativeGaussian(fraction: percent / 100)
    } else {
      guard let sigma = Double(argument), sigma > 0, sigma.isFinite else { return nil }
      model = .gaussian(sigma: sigma)
    }
  }
}

// MARK: - Spectra

extension Simulate {
  private func validateSpectral() throws {
    guard spectral else {
      if background != nil || truth {
        throw ValidationError("--background and --truth require --spectral.")
      }
      return
    }
    let given = [
      ("--noise", noise != nil), ("--dose", dose != nil), ("--bins", bins != nil),
      ("--rays", rays != nil), ("--voxel-size", voxelSize != nil),
      ("--axis-offset", axisOffset != 0), ("--z-offset", zOffset != 0),
      ("--tilt-axis x", tiltAxis == .x), ("--read-noise", readNoise != nil),
      ("--counts-as", countsAs != nil), ("--encoding", output.encoding != .float32),
    ]
    if let first = given.first(where: \.1) {
      throw ValidationError("\(first.0) has no effect with --spectral. Remove it.")
    }
    guard isRecipe else { throw ValidationError("--spectral requires a scene, a .json file.") }
    if output.overwriting.force {
      throw ValidationError("--force has no effect with --spectral: the folder must be new.")
    }
    guard let counts, counts > 0, counts <= 1e9 else {
      throw ValidationError("--spectral needs --counts above 0.")
    }
    if let background, !(background >= 0 && background <= 1e9) {
      throw ValidationError("--background must be 0 counts or more (got \(background)).")
    }
  }

  private func runSpectral(_ angles: TiltAngles) throws {
    let scene = try SpectralScene(reading: object, volume: size?.shape)
    var simulation = SpectralSimulation(
      scene, recipe: try Fingerprint(path: object), tilts: angles, to: output.out)
    (simulation.counts, simulation.background) = (counts ?? 1, background ?? 0)
    (simulation.seed, simulation.writesTruth) = (seed, truth)
    simulation.opticsFile = try microscope.fingerprint()
    simulation.optics = microscope.source
    (simulation.workers, simulation.command) = (options.workers, TypedCommand.words)
    if try memory.isAnswered(by: &simulation, json: options.json) { return }
    try options.reportSpectra(try simulation.run(options.follower), output.out)
  }
}
