public import DosePlanning
public import Fields
public import Phantoms
import Plots
public import Projection
import StackIO

/// From a phantom or a volume and a dose to a plan, with its table and charts.
public struct PlanRecipe: Sendable {
  /// What is to be imaged.
  public enum Object: Sendable {
    /// Through its exact line integrals.
    case phantom(Phantom, recipe: String)
    /// Through the projector.
    case volume(path: String, rays: RayModel)

    var path: String {
      switch self {
      case .phantom(_, let recipe): recipe
      case .volume(let path, _): path
      }
    }
  }

  public let object: Object
  public let grid: DoseGrid
  public let methods: [PlannedMethod]
  /// Where `plan.csv`, `plan.json`, `rmse.svg` and `resolution.svg` go; nowhere by default.
  public var folder: String?
  /// nm; overrules what the volume file says.
  public var voxelSize: Double?
  public var workers = Workers.all
  /// Bytes.
  public var memoryLimit = MemoryPlan.standardLimit
  public var command: [String] = []

  public init(_ object: Object, _ grid: DoseGrid, _ methods: [PlannedMethod]) {
    (self.object, self.grid, self.methods) = (object, grid, methods)
  }

  public func run(_ follower: Follower) throws -> PlanRecord {
    let files = try folder.map { try ResultFiles(folder: $0, inputs: [object.path]) }
    try checkMemory()
    var notes: [String] = []
    let plan = try DosePlan(try scene(follower, &notes), grid, methods, workers: workers)
    let cells = try plan.run(
      onProgress: { progress in
        follower.onProgress(
          Follower.Progress(
            stage: .reconstructing, fraction: progress.fraction, unit: "runs",
            count: progress.runCount, note: Self.words(progress)))
      }, isCancelled: follower.isCancelled)
    let truth = plan.scene.truth
    notes += PlanRecord.notes(grid, cells, sharesProjector: plan.scene.sharesProjector)
    let record = PlanRecord(
      command: command,
      input: try Sidecar.File(path: object.path, shape: nil, voxelSize: truth.voxelSize),
      grid: grid, size: truth.shape, cells: cells, notes: notes)
    guard let files else { return record }
    follower.beforeFiles()
    try files.create()
    try record.table().write(to: files.path("plan.csv"))
    try record.errorChart().write(to: files.path("rmse.svg"))
    try record.resolutionChart()?.write(to: files.path("resolution.svg"))
    try files.write(record, to: "plan.json")
    return record
  }

  /// `run 7 of 45: cs, 36 tilts, about 12 s`
  private static func words(_ progress: DosePlan.Progress) -> String {
    let time = progress.expectedSeconds.map { ", about \(max(1, Int($0.rounded()))) s" } ?? ""
    return "run \(progress.run) of \(progress.runCount): \(progress.method), "
      + "\(progress.tiltCount) tilts\(time)"
  }

  private func scene(_ follower: Follower, _ notes: inout [String]) throws -> PlanScene {
    switch object {
    case .phantom(let phantom, _):
      if phantom.isCut {
        notes.append(
          "An object is cut by the faces of the volume: its projections hold more than the volume.")
      }
      return PlanScene(phantom, workers: workers)
    case .volume(let path, let rays):
      var volume = try readVolume(path) { page, count in
        try follower.advance(.reading, page + 1, of: count)
      }
      if let voxelSize { volume.voxelSize = voxelSize }
      return PlanScene(volume, rays: rays, workers: workers)
    }
  }
}
