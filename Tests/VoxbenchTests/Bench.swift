import Foundation
import Testing

/// The built command, run from the package's folder.
enum Bench {
  /// The rows of the table that `line` writes, by the names of the columns.
  static func table(_ line: String) throws -> [[String: String]] {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("voxbench-\(UUID().uuidString).csv")
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = try command()
    process.arguments =
      line.split(separator: " ").map { String($0) } + ["--csv", file.path]
    process.currentDirectoryURL =
      URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().appendingPathComponent("../..").standardized
    process.standardOutput = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "voxbench \(line)")
    let lines = String(decoding: try Data(contentsOf: file), as: UTF8.self)
      .split(separator: "\r\n").map { line in
        line.split(separator: ",", omittingEmptySubsequences: false).map { String($0) }
      }
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
  }

  /// The command stands beside the bundle of these tests.
  private static func command() throws -> URL {
    let places = [Bundle.main.bundleURL, URL(fileURLWithPath: CommandLine.arguments[0])]
    let found = places.flatMap { [$0, $0.deletingLastPathComponent()] }
      .map { $0.appendingPathComponent("voxbench") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    return try #require(found, "voxbench is not beside its tests")
  }
}
