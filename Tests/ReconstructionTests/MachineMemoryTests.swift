import Reconstruction
import Foundation
import Testing

@Suite struct MachineMemoryTests {
  /// A folder that stands for `/`.
  private final class Root {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("machine-\(UUID().uuidString)").path

    init(groups: String, _ limits: [String: String]) throws {
      let files = ["proc/self/cgroup": groups].merging(limits) { $1 }
      for (name, text) in files {
        let url = URL(fileURLWithPath: "\(path)/\(name)")
        try FileManager.default.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
      }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var found: Int { MachineMemory(root: path, installed: 8_000).byteCount }
  }

  @Test("Without control groups it is the machine's")
  func bare() throws {
    #expect(try Root(groups: "", [:]).found == 8_000)
    #expect(MachineMemory(root: "/no/such/folder", installed: 8_000).byteCount == 8_000)
  }

  @Test("In version 2 the smallest limit from the process's group up to the root counts")
  func second() throws {
    let groups = "0::/batch/job/step\n"
    #expect(
      try Root(
        groups: groups,
        [
          "sys/fs/cgroup/batch/job/step/memory.max": "max\n",
          "sys/fs/cgroup/batch/job/memory.max": "3000\n",
          "sys/fs/cgroup/batch/memory.max": "5000\n",
          "sys/fs/cgroup/other/memory.max": "1000\n",
        ]
      ).found == 3_000)
    #expect(try Root(groups: groups, ["sys/fs/cgroup/memory.max": "4000\n"]).found == 4_000)
    #expect(try Root(groups: groups, ["sys/fs/cgroup/memory.max": "max\n"]).found == 8_000)
    #expect(
      try Root(groups: groups, ["sys/fs/cgroup/unified/batch/memory.max": "2000\n"]).found == 2_000)
  }

  @Test(
    "In version 1 the memory controller has its own path and file, and no limit is a large number")
  func first() throws {
    let groups = "12:cpuset:/\n9:cpu,cpuacct:/slow\n7:memory:/docker/ab:c\n0::/\n"
    let none = "9223372036854771712\n"
    #expect(
      try Root(
        groups: groups,
        [
          "sys/fs/cgroup/memory/docker/ab:c/memory.limit_in_bytes": "2500\n",
          "sys/fs/cgroup/memory/memory.limit_in_bytes": none,
          "sys/fs/cgroup/memory/slow/memory.limit_in_bytes": "1\n",
        ]
      ).found == 2_500)
    #expect(
      try Root(groups: groups, ["sys/fs/cgroup/memory/memory.limit_in_bytes": none]).found == 8_000)
  }

  @Test("Paths that lead out of the root, and files that hold no number, are not followed")
  func odd() throws {
    let root = try Root(
      groups: "0::/../../etc\nnonsense\n7:memory\n",
      ["sys/etc/memory.max": "10\n", "sys/fs/cgroup/memory.max": "many\n"])
    #expect(root.found == 8_000)
  }
}
