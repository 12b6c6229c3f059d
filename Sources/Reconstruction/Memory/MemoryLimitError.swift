public import Errors

/// Why a run does not fit in the memory that it may use; `needs` and `limit` are bytes.
public enum MemoryLimitError: CategorisedError, Equatable {
  case memory(needs: Int, limit: Int)
  case keptMemory(needs: Int, limit: Int)
  case wholeMemory(method: String, needs: Int, limit: Int)
  case coarseMemory(needs: Int, limit: Int)
  case tooLarge(needs: Int, limit: Int)
  case beyondMemory(MemoryNeed, limit: Int)

  public var category: ErrorCategory {
    switch self {
    case .memory, .keptMemory, .wholeMemory, .coarseMemory, .tooLarge, .beyondMemory:
      .usage
    }
  }

  public var description: String {
    switch self {
    case .memory(let needs, let limit):
      """
      This run needs \(MemoryPlan.words(needs)) even slab by slab, and the limit is \
      \(MemoryPlan.words(limit)). Raise --max-memory or lower --depth.
      """
    case .keptMemory(let needs, let limit):
      """
      The run in the checkpoint needs \(MemoryPlan.words(needs)) to continue, and the limit is \
      \(MemoryPlan.words(limit)). Raise --max-memory to that or lower --threads, or remove the \
      checkpoint and start again.
      """
    case .wholeMemory(let method, let needs, let limit):
      """
      Method \(method) needs the whole volume in memory, \(MemoryPlan.words(needs)), and the limit is \
      \(MemoryPlan.words(limit)). Raise --max-memory, lower --depth, or choose sirt or sart.
      """
    case .coarseMemory(let needs, let limit):
      """
      A run that begins at half the resolution stays in memory, \(MemoryPlan.words(needs)), and the \
      limit is \(MemoryPlan.words(limit)). Raise --max-memory or remove --multiresolution.
      """
    case .tooLarge(let needs, let limit):
      """
      This needs \(MemoryPlan.words(needs)) of memory, and the limit is \(MemoryPlan.words(limit)), three \
      quarters of the memory of this machine or container. Crop or bin the data, or provide more memory.
      """
    case .beyondMemory(let need, let limit):
      """
      \(need.work) needs \(MemoryPlan.words(need.byteCount)) of memory, and the limit is \
      \(MemoryPlan.words(limit)). Raise --max-memory, or \(need.cure).
      """
    }
  }
}
