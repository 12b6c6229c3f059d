import SeriesIO
package import Fields
package import Files
package import Phantoms
package import Projection
package import Reconstruction
import Records
import StackIO

/// From a phantom or a volume and a dose to a plan, with its table and charts.
package struct PlanRecipe: Sendable {
  /// What is to be imaged.
  package enum Object: Sendable {
    /// Through its exact line integrals.
    case phantom(Phantom, recipe: Fingerprint)
    /// Through the projector.
    case volume(path: String, rays: RayModel)

    var path: String {
      switch self {
      case .phantom(_, let recipe): recipe.path
      case .volume(let path, _): path
      }
    }
  }

  package let object: Object
  package let grid: DoseGrid
  package let methods: [PlannedMethod]
  /// Where `plan.csv`, `plan.json`, `rmse.svg` and `resolution.svg` go; nowhere by default.
  package var folder: String?
  /// Whether files that voxtilt did not write may be replaced.
  package var overwrites = false
  /// nm; overrules what the volume file says.
  package var voxelSize: Double?
  package var workers = Workers.all
  /// Bytes.
  package var memoryLimit = MemoryPlan.standardLimit
  package var command: [String] = []

  package init(_ object: Object, _ grid: DoseGrid, _ methods: [PlannedMethod]) {
    (self.object, self.grid, self.methods) = (object, grid, methods)
  }

  package func run(_ follower: Follower) throws -> PlanRecord {
    let study = try folder.map {
      try StudyFolder(
        $0, record: "plan.json", ["plan.csv", "rmse.svg", "resolution.svg"],
        inputs: [object.path], overwrites: overwrites)
    }
    try checkMemory()
    var notes: [String] = []
    let (scene, input) = try scene(follower, &notes)
    let plan = try DosePlan(scene, grid, methods, workers: workers)
    let cells = try plan.run(
      onProgress: { progress in
        follower.onProgress(
          Follower.Progress(
            stage: .reconstructing, fraction: progress.fraction, unit: "runs",
            count: progress.runCount, note: Self.words(progress)))
      }, isCancelled: follower.isCancelled)
    let truth = plan.scene.truth
    notes += PlanAccount(grid, cells).notes(sharesProjector: plan.scene.sharesProjector)
    let used = input.with(voxelSize: truth.voxelSize)
    let record = PlanRecord(
      PlanResult(grid: grid, size: truth.shape, voxelSize: used.voxelSize, cells: cells),
      command: command, inputs: [used], warnings: notes,
      keys: [.voxtilt, .processor, .command, .inputs, .notes])
    guard let study else { return try record.verified() }
    return try study.fill { files, place in
      follower.begin(files)
      try files.add(try record.account.table(), at: path("plan.csv", in: place))
      try files.add(record.account.errorChart(), at: path("rmse.svg", in: place))
      if let chart = record.account.resolutionChart() {
        try files.add(chart, at: path("resolution.svg", in: place))
      }
      return try files.finish(record)
    }
  }

  /// `run 7 of 45: cs, 36 tilts, about 12 s`
  private static func words(_ progress: DosePlan.Progress) -> String {
    let time = progress.expectedSeconds.map { ", about \(max(1, Int($0.rounded()))) s" } ?? ""
    return "run \(progress.run) of \(progress.runCount): \(progress.method), "
      + "\(progress.tiltCount) tilts\(time)"
  }

  private func scene(
    _ follower: Follower, _ notes: inout [String]
  ) throws -> (PlanScene, RecordedFile) {
    switch object {
    case .phantom(let phantom, let recipe):
      if phantom.isCut {
        notes.append(
          "An object extends beyond the faces of the volume: its projections contain more than the volume."
        )
      }
      return (PlanScene(phantom, workers: workers), RecordedFile(recipe))
    case .volume(let path, let rays):
      var (volume, file) = try readVolume(path) { page, count in
        try follower.advance(.reading, page + 1, of: count)
      }
      if let voxelSize { volume.voxelSize = voxelSize }
      return (PlanScene(volume, rays: rays, workers: workers), file)
    }
  }
}
