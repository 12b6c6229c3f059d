public import SeriesIO
public import DosePlanning
public import Fields
import Reconstruction
public import Records

/// A plan with everything that it rests on.
public struct PlanRecord: Sendable, ResultRecord {
  public let command: [String]
  public let input: Sidecar.File
  public let grid: DoseGrid
  public let size: VolumeShape
  public let cells: [PlanCell]
  public var notes: [String]
  public var inputs: [RecordedFile] { [input] }
  public var warnings: [String] {
    get { notes }
    set { notes = newValue }
  }

  package var account: PlanAccount { PlanAccount(grid, cells) }

  enum CodingKeys: String, CodingKey {
    case voxtilt, processor, command, inputs, size, voxelSize, range, dose, readNoise, repeats, seed
    case cells, verdicts, rule, notes
  }

  public func encode(to encoder: any Encoder) throws {
    var keys = encoder.container(keyedBy: CodingKeys.self)
    try keys.encode(Build.version, forKey: .voxtilt)
    try keys.encode(Build.processor, forKey: .processor)
    try keys.encode(command, forKey: .command)
    try keys.encode([input], forKey: .inputs)
    try keys.encode([size.width, size.sliceCount, size.depth], forKey: .size)
    try keys.encode(input.voxelSize, forKey: .voxelSize)
    try keys.encode([-grid.range, grid.range], forKey: .range)
    try keys.encode(Dose(grid.budget), forKey: .dose)
    try keys.encode(grid.budget.readNoise, forKey: .readNoise)
    try keys.encode(grid.repeats, forKey: .repeats)
    try keys.encode(grid.seed, forKey: .seed)
    try keys.encode(cells.map(Cell.init), forKey: .cells)
    try keys.encode(account.verdicts.map(Verdict.init), forKey: .verdicts)
    try keys.encode(PlanAccount.rule, forKey: .rule)
    try keys.encode(notes, forKey: .notes)
  }
}
