import ArgumentParser
import DosePlanning
import Fields
import Files
import Foundation
import Phantoms
import Projection
import Reconstruction
import Records
import Workflow

/// `voxtilt plan`
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Find the number of tilts into which a dose is best divided.",
    discussion: """
      Every number of tilts is simulated with its share of the dose, reconstructed by every method and \
      compared with the truth: RMSE, and the resolution where the shell correlation falls to 0.5.

      EXAMPLES
        voxtilt plan --phantom phantoms/core-shell.json --dose 1e4 --range 70 --read-noise 2 --out plan
        voxtilt plan --volume truth.tif --dose 500 --range 60 --counts 11,21,41,81 --methods fbp,sirt
      """)

  @Option(help: "A recipe (.json), through exact line integrals.") var phantom: String?
  @Option(help: "A volume (.tif, .mrc), through the projector.") var volume: String?

  @Option(parsing: .unconditional, help: "Electrons per nm² in the whole series.")
  var dose: Double
  @Option(parsing: .unconditional, help: "Tilts go from −range to range, in degrees.")
  var range: Double
  @Option(help: "Numbers of tilts.") var counts = TiltCounts.standard
  @Option(help: "Methods: any of fbp, sirt and cs.") var methods = PlanMethods.standard
  @Option(
    parsing: .unconditional,
    help: "Read noise of a pixel in electrons, root mean square.")
  var readNoise = 0.0
  @Option(
    parsing: .unconditional,
    help: "The fraction of the electrons on the brightest pixel that reaches the detector.")
  var collectedFraction = 1.0
  @Option(
    parsing: .unconditional,
    help: "Noise realisations per cell; their spread gives the statistical error.")
  var repeats = 3
  @Option(parsing: .unconditional, help: "The seed of the noise.") var seed: UInt64 = 1
  @Option(help: "Voxels of a recipe along x, y and z; fewer voxels are larger and faster.")
  var size: VoxelCounts?
  @Option(parsing: .unconditional, help: "The size of a voxel in nm.") var voxelSize: Double?
  @Option(help: "A folder for plan.csv, plan.json, rmse.svg and resolution.svg.") var out: String?
  @OptionGroup var overwriting: OverwriteOptions
  @OptionGroup(title: "Run") var options: RunOptions
  @OptionGroup(title: "Memory") var memory: MemoryOptions

  func validate() throws {
    guard (phantom == nil) != (volume == nil) else {
      throw ValidationError("Give either --phantom or --volume.")
    }
    guard dose > 0 && dose <= 1e12 else {
      throw ValidationError("--dose must be above 0 electrons per nm² (got \(dose)).")
    }
    guard readNoise >= 0 && readNoise <= 1e12 else {
      throw ValidationError("--read-noise must be 0 electrons or more (got \(readNoise)).")
    }
    guard collectedFraction > 0 && collectedFraction <= 1 else {
      throw ValidationError(
        "--collected-fraction must be above 0 and at most 1 (got \(collectedFraction)).")
    }
    if let voxelSize, !(voxelSize > 0 && voxelSize.isFinite) {
      throw ValidationError("--voxel-size must be a positive length in nm (got \(voxelSize)).")
    }
    if volume != nil && size != nil {
      throw ValidationError("--size requires --phantom: a volume file has its own size.")
    }
  }

  private var grid: DoseGrid {
    get throws {
      try DoseGrid(
        tiltCounts: counts.values, range: range,
        budget: DoseBudget(
          total: dose, collectedFraction: collectedFraction, readNoise: readNoise),
        repeats: repeats, seed: seed)
    }
  }

  private var object: PlanRecipe.Object {
    get throws {
      if let volume { return .volume(path: volume, rays: .joseph) }
      let path = phantom ?? ""
      let recipe = try PhantomRecipe(reading: path)
      // Fewer voxels are larger ones, so that the view stays as it is.
      let scaled = size.flatMap { size in
        recipe.voxelSize.map { $0 * Double(recipe.volume.width) / Double(size.shape.width) }
      }
      return .phantom(
        try Phantom(recipe, volume: size?.shape, voxelSize: voxelSize ?? scaled),
        recipe: try Fingerprint(path: path))
    }
  }

  func run() throws {
    let grid = try grid
    var recipe = PlanRecipe(try object, grid, methods.planned)
    (recipe.folder, recipe.voxelSize) = (out, voxelSize)
    (recipe.workers, recipe.command) = (options.workers, TypedCommand.words)
    recipe.overwrites = overwriting.force
    if try memory.isAnswered(by: &recipe, json: options.json) { return }
    let record = try recipe.run(options.follower)
    if !options.quiet { for note in record.warnings { Terminal.say("note: \(note)") } }
    guard !options.json else { return try Terminal.printJSON(record) }
    guard !options.quiet || out == nil else { return }
    show(record)
  }

  private func show(_ record: PlanRecord) {
    print(Self.row(["method", "tilts", "e/nm² each", "RMSE", "±", "nm", "±", "λ", "s"]))
    for cell in record.cells {
      let limit = cell.resolutionIsLimit ? "*" : ""
      let lambdas = cell.runs.compactMap(\.lambda)
      let seconds = cell.runs.reduce(0) { $0 + $1.seconds } / Double(cell.runs.count)
      print(
        Self.row([
          cell.method, "\(cell.tiltCount)", Terminal.short(cell.dosePerTilt),
          Terminal.short(cell.rmse.mean), cell.rmse.deviation.map(Self.rough) ?? "",
          cell.resolution.map { Terminal.short($0.mean) + limit } ?? "",
          cell.resolution?.deviation.map(Self.rough) ?? "",
          lambdas.isEmpty ? "" : Self.rough(lambdas.reduce(0, +) / Double(lambdas.count)),
          Self.rough(seconds),
        ]))
    }
    if record.cells.contains(where: \.resolutionIsLimit) { print("* a limit") }
    for verdict in record.account.verdicts { print(Self.words(verdict)) }
    print(PlanAccount.rule)
  }

  private static func words(_ verdict: TiltVerdict) -> String {
    guard let enough = verdict.enough, let error = verdict.relativeError else {
      return "\(verdict.method): least RMSE at \(verdict.best) tilts"
    }
    let harm = verdict.harmful.map { "; from \($0) on they are worse" } ?? ""
    return "\(verdict.method): more than \(enough) tilts do not help\(harm) "
      + "(least RMSE at \(verdict.best), standard error of a mean \(rough(100 * error)) %)"
  }

  private static func rough(_ value: Double) -> String { String(format: "%.2g", value) }

  private static func row(_ cells: [String]) -> String {
    zip(cells, [8, 6, 11, 9, 9, 8, 8, 9, 7]).map { cell, width in
      cell + String(repeating: " ", count: max(1, width - cell.count))
    }.joined()
  }
}

/// `11,21,36`
struct TiltCounts: ExpressibleByArgument {
  let values: [Int]
  static let standard = TiltCounts([11, 21, 36, 71, 141])
  var defaultValueDescription: String { values.map { "\($0)" }.joined(separator: ",") }

  private init(_ values: [Int]) { self.values = values }

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    guard !parts.isEmpty, !parts.contains(nil) else { return nil }
    values = parts.compactMap(\.self)
  }
}
