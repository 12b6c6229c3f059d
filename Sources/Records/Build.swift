import CPUGuard
import Foundation

/// What made a result: the same build on the same kind of processor gives the same bytes.
package enum Build {
  package static let version = "0.1.0"

  /// `x86_64, AVX2`, or the bare architecture of a portable build.
  package static var processor: String {
    #if arch(x86_64)
      let architecture = "x86_64"
    #elseif arch(arm64)
      let architecture = "arm64"
    #else
      let architecture = "other"
    #endif
    return voxtilt_needs_avx2() == 1 ? architecture + ", AVX2" : architecture
  }

  /// The folder that relative paths start from.
  package static var directory: String { FileManager.default.currentDirectoryPath }
}
