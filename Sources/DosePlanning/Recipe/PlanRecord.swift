package import Fields
import Reconstruction
package import Records

/// A plan with everything that it rests on.
package typealias PlanRecord = Recorded<PlanResult>

package struct PlanResult: Sendable, Encodable {
  package let grid: DoseGrid
  package let size: VolumeShape
  /// nm
  package let voxelSize: Double?
  package let cells: [PlanCell]

  package var account: PlanAccount { PlanAccount(grid, cells) }

  enum CodingKeys: CodingKey {
    case size, voxelSize, range, dose, readNoise, repeats, seed, cells, verdicts, rule
  }

  package func encode(to encoder: any Encoder) throws {
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
