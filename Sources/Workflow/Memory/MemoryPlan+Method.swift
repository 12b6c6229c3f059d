import Projection
import Reconstruction

extension MemoryPlan {
  /// What one run of a method holds, its series and its volume included and the process not, in bytes.
  static func bytes(
    of method: any ReconstructionMethod, _ geometry: TiltGeometry, workers: Int
  ) throws -> Int {
    let plan =
      switch method {
      case let method as any SliceWiseMethod:
        try Self(method, geometry, workers: workers, limit: .max)
      case let method as any WholeVolumeMethod:
        try Self(whole: method, geometry, hasStart: false, workers: workers, limit: .max)
      default: preconditionFailure("a method works slice by slice or on the whole volume")
      }
    return max(0, plan.byteCount - process)
  }
}
