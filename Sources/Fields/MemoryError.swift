public import Errors

/// Why a field could not be made.
public enum MemoryError: CategorisedError, Equatable {
  /// The system refused this many bytes.
  case refused(byteCount: Int)

  public var category: ErrorCategory {
    .internalFault
  }

  public var description: String {
    switch self {
    case .refused(let byteCount):
      """
      The system refused \(byteCount) bytes of memory for one field. Close other programs, raise the \
      limit of this process (ulimit -v, or the container's), or compute less at once: a lower \
      --max-memory or --depth, or fewer --threads.
      """
    }
  }
}
