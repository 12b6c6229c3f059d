public import DosePlanning
public import Fields
import Reconstruction
public import Records

/// A plan with everything that it rests on.
public typealias PlanRecord = Recorded<PlanResult>

public struct PlanResult: Sendable, Encodable {
  public let grid: DoseGrid
  public let size: VolumeShape
  /// nm
  public let voxelSize: Double?
  public let cells: [PlanCell]

  package var account: PlanAccount { PlanAccount(grid, cells) }

  enum CodingKeys: CodingKey {
    case size, voxelSize, range, dose, readNoise, repeats, seed, cells, verdicts, rule
  }

  public func encode(to encoder: any Encoder) throws {
    var keys = encoder.container(keyedBy: CodingKeys.self)
    try keys.encode([size.width, size.sliceCount, size.depth], forKey: .size)
    try keys.encode(voxelSize, forKey: .voxelSize)
    try keys.encode([-grid.range, grid.range], forKey: .range)
    try keys.encode(Dose(grid.budget), forKey: .dose)
    try keys.encode(grid.budget.readNoise, forKey: .readNoise)
    try keys.encode(grid.repeats, forKey: .repeats)
    try keys.encode(grid.seed, forKey: .seed)
    try keys.encode(cells.map(Cell.init), forKey: .cells)
    try keys.encode(account.verdicts, forKey: .verdicts)
    try keys.encode(PlanAccount.rule, forKey: .rule)
  }
}
