package import Projection

extension MemoryPlan {
  /// One run of a method in memory.
  package init(
    any method: any ReconstructionMethod, _ geometry: TiltGeometry, hasStart: Bool = false,
    workers: Int, limit: Int = .max
  ) throws(MemoryLimitError) {
    if let method = method as? any SliceWiseMethod {
      try self.init(method, geometry, workers: workers, limit: limit)
    } else {
      try self.init(whole: method, geometry, hasStart: hasStart, workers: workers, limit: limit)
    }
  }

  /// What one run of a method holds, its series and its volume included and the process not, in bytes.
  package static func bytes(
    of method: any ReconstructionMethod, _ geometry: TiltGeometry, workers: Int
  ) throws -> Int {
    let plan = try Self(any: method, geometry, workers: workers)
    return max(0, plan.byteCount - process)
  }
}
