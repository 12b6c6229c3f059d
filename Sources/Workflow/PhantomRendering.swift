package import SeriesIO
package import Fields
import Files
package import Phantoms
package import Reconstruction
import Records
import StackIO

/// From recipe to volume, with its sidecar.
package struct PhantomRendering: Sendable {
  private let recipe: Fingerprint
  package let phantom: Phantom
  package let target: StackTarget
  package var workers = Workers.all
  /// Bytes.
  package var memoryLimit = MemoryPlan.standardLimit
  package var command: [String] = []

  /// - Parameters:
  ///   - size: voxels along x, y and z instead of the recipe's own.
  ///   - voxelSize: nm, instead of the recipe's own.
  package init(
    _ recipePath: String, size: VolumeShape? = nil, voxelSize: Double? = nil, to target: StackTarget
  ) throws {
    recipe = try Fingerprint(path: recipePath)
    phantom = try Phantom(
      try PhantomRecipe(reading: recipePath), volume: size, voxelSize: voxelSize)
    self.target = target
  }

  package func run(_ follower: Follower) throws -> Sidecar {
    let files = try target.files(against: [recipe.path])
    let clock = ContinuousClock()
    let began = clock.now
    try checkMemory()
    let volume = phantom.render(workers: workers)
    let writing = clock.now
    var target = target
    (target.pixelSize, target.pageSpacing) = (phantom.voxelSize, phantom.voxelSize)
    follower.begin(files)
    let (receipt, stack) = try target.write(
      MemoryStore(volume.voxels, volume.shape.slabs), follower)
    var sidecar = Sidecar(
      command: command,
      output: RecordedFile(
        receipt, sha256: try files.add(stack), voxelSize: phantom.voxelSize),
      method: "phantom",
      seconds: Sidecar.Seconds(began, began, writing))
    sidecar.inputs = [RecordedFile(recipe)]
    sidecar.settings = ["subdivision": .count(phantom.subdivision)]
    if phantom.isCut {
      sidecar.warnings.append(
        "An object extends beyond the faces of the volume: its projections contain more than the volume."
      )
    }
    return try files.finish(sidecar)
  }
}
