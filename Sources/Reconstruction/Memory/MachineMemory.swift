import Foundation

/// How much memory this process may have: the machine's, or less where a control group (a container, a
/// batch job) holds it to that.
///
/// Version 2 keeps the limit in `memory.max`, version 1 in `memory.limit_in_bytes`, of the process's
/// own group or of any above it; the smallest counts.
///
/// - Reference: Linux kernel documentation, admin-guide/cgroup-v2 and cgroup-v1/memory.
package struct MachineMemory {
  /// Bytes.
  package let byteCount: Int

  /// - Parameters:
  ///   - root: where `proc` and `sys` are.
  ///   - installed: what the machine has, in bytes.
  package init(
    root: String = "/", installed: Int = Int(ProcessInfo.processInfo.physicalMemory)
  ) {
    let groups = Self.text(root + "/proc/self/cgroup").split(separator: "\n")
    byteCount = groups.flatMap { Self.limits(of: $0, root) }.reduce(installed, min)
  }

  /// - Parameter group: `ID:CONTROLLERS:PATH`, where version 2 has no controllers.
  private static func limits(of group: Substring, _ root: String) -> [Int] {
    let parts = group.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3 else { return [] }
    let isFirst = parts[1].split(separator: ",").contains("memory")
    guard isFirst || parts[1].isEmpty else { return [] }
    let folders = isFirst ? ["memory"] : ["", "unified"]
    let file = isFirst ? "memory.limit_in_bytes" : "memory.max"
    let names = parts[2].split(separator: "/").filter { $0 != ".." }
    return folders.flatMap { folder in
      (0...names.count).compactMap { depth in
        let path = names.prefix(depth).joined(separator: "/")
        let text = text("\(root)/sys/fs/cgroup/\(folder)/\(path)/\(file)")
        return Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
      }
    }
  }

  /// The text of a file, empty where there is none.
  private static func text(_ path: String) -> String {
    (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
  }
}
