import ArgumentParser
import Fields
import Phantoms
import Reconstruction
import Workflow

/// `voxtilt phantom`
struct PhantomCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "phantom",
    abstract: "Render a phantom from its recipe.",
    discussion: """
      EXAMPLES
        voxtilt phantom phantoms/particles.json --out truth.tif
        voxtilt phantom phantoms/sphere.json --size 96,64,96 --out sphere.mrc
      """)

  @Argument(help: "A recipe in JSON; phantoms/ contains examples.") var recipe: String
  @Option(help: "Voxels along x, y and z, such as 256,128,256; the recipe's own by default.")
  var size: VoxelCounts?
  @Option(parsing: .unconditional, help: "The size of a voxel in nm.") var voxelSize: Double?
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Run") var options: RunOptions
  @OptionGroup(title: "Memory") var memory: MemoryOptions

  func run() throws {
    var rendering = try PhantomRendering(
      recipe, size: size?.shape, voxelSize: voxelSize, to: output.target())
    (rendering.workers, rendering.command) = (options.workers, TypedCommand.words)
    if try memory.isAnswered(by: &rendering, json: options.json) { return }
    let sidecar = try rendering.run(options.follower)
    let shape = rendering.phantom.volume
    try options.report(
      sidecar,
      "\(output.out): \(shape.width) × \(shape.sliceCount) × \(shape.depth) voxels (x, y, z)")
  }
}

/// `x,y,z`
struct VoxelCounts: ExpressibleByArgument {
  let shape: VolumeShape

  init?(argument: String) {
    let counts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    guard counts.count == 3, let x = counts[0], let y = counts[1], let z = counts[2],
      [x, y, z].allSatisfy({ 1...65_536 ~= $0 })
    else { return nil }
    shape = VolumeShape(width: x, depth: z, sliceCount: y)
  }
}
