import Foundation
import Testing
import Workflow

/// A folder of its own in which the built command runs.
final class Workshop {
  let folder: URL
  private let logs: URL

  struct Outcome {
    let code: Int32
    let out: String
    let err: String

    /// The one object on standard output.
    func json() throws -> [String: Any] {
      let object = try JSONSerialization.jsonObject(with: Data(out.utf8))
      return try #require(object as? [String: Any])
    }
  }

  init() throws {
    let room = FileManager.default.temporaryDirectory
      .appendingPathComponent("voxtilt-\(UUID().uuidString)")
    (folder, logs) = (room.appendingPathComponent("work"), room.appendingPathComponent("logs"))
    for url in [folder, logs] {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }
    try Self.recipe.write(to: folder.appendingPathComponent("beads.json"), options: [])
  }

  deinit { try? FileManager.default.removeItem(at: folder.deletingLastPathComponent()) }

  /// Runs `voxtilt` with the words of `line`, split at blanks.
  @discardableResult
  func run(_ line: String) throws -> Outcome {
    let process = try start(line)
    process.waitUntilExit()
    return try outcome(of: process)
  }

  /// Runs a line that must succeed.
  @discardableResult
  func done(_ line: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Outcome {
    let outcome = try run(line)
    #expect(outcome.code == 0, "\(line): \(outcome.err)", sourceLocation: sourceLocation)
    return outcome
  }

  /// - Parameter shell: a program and its arguments that is to start the command.
  func start(_ line: String, through shell: [String] = []) throws -> Process {
    let process = Process()
    let words = shell + [try Self.command().path] + line.split(separator: " ").map { String($0) }
    process.executableURL = URL(fileURLWithPath: words[0])
    process.arguments = Array(words.dropFirst())
    process.currentDirectoryURL = folder
    let name = UUID().uuidString
    process.standardOutput = try log(name + ".out")
    process.standardError = try log(name + ".err")
    process.standardInput = FileHandle.nullDevice
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["VOXTILT_TEST_LOG": name], uniquingKeysWith: { $1 })
    try process.run()
    return process
  }

  func outcome(of process: Process) throws -> Outcome {
    let name = try #require(process.environment?["VOXTILT_TEST_LOG"])
    return Outcome(
      code: process.terminationReason == .exit ? process.terminationStatus : -1,
      out: try text(name + ".out"), err: try text(name + ".err"))
  }

  private func log(_ name: String) throws -> FileHandle {
    let url = logs.appendingPathComponent(name)
    try Data().write(to: url)
    return try FileHandle(forWritingTo: url)
  }

  private func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: logs.appendingPathComponent(name)), as: UTF8.self)
  }

  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
  func bytes(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path(name)))
  }
  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
  }
  func files() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }
  func sidecar(_ name: String) throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(with: try bytes(name))
    return try #require(object as? [String: Any])
  }

  /// The command stands beside the bundle of these tests.
  private static func command() throws -> URL {
    let places = [Bundle.main.bundleURL, URL(fileURLWithPath: CommandLine.arguments[0])]
    let found = places.flatMap { [$0, $0.deletingLastPathComponent()] }
      .map { $0.appendingPathComponent("voxtilt") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) && !isFolder($0) }
    return try #require(found, "voxtilt is not beside its tests")
  }

  private static func isFolder(_ url: URL) -> Bool {
    (try? url.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory ?? false
  }

  /// Beads of different sizes at places that no mirror maps onto each other, 32 × 12 × 28 voxels.
  private static let recipe = Data(
    """
    {"name": "beads", "description": "Four beads without mirror symmetry.", "unit": "halfWidth",
     "size": [32, 12, 28],
     "objects": [
       {"shape": "sphere", "centre": [0.375, -0.1875, 0.25], "radius": 0.15625, "density": 1},
       {"shape": "sphere", "centre": [-0.4375, 0.125, 0.3125], "radius": 0.125, "density": 1},
       {"shape": "sphere", "centre": [0.1875, 0.1875, -0.375], "radius": 0.1125, "density": 1.5},
       {"shape": "sphere", "centre": [-0.25, -0.125, -0.1875], "radius": 0.09375, "density": 1.2}]}
    """.utf8)
}
