import Foundation
public import Reconstruction
import Plots
import StackIO

/// The experiments that show why deblurring is hard and what helps, one figure each.
public enum Lab: String, Sendable, Codable, CaseIterable {
  case forwardModel = "forward-model"
  case nonUniqueness = "non-uniqueness"
  case svd
  case noiseAmplification = "noise-amplification"
  case tikhonovAgainstTV = "tikhonov-vs-tv"
  case uCurve = "u-curve"
  case lCurve = "l-curve"
  case reconstructionLimits = "reconstruction-limits"

  /// What an experiment came to, and what it wrote.
  public struct Report: Sendable, Encodable {
    public let lab: Lab
    public let title: String
    /// The numbers that the figure stands for.
    public let facts: [String: Setting]
    public let files: [String]
  }

  /// Computes the experiment and writes `NAME.csv`, `NAME.svg` and `NAME.json` into `folder`.
  ///
  /// The folder is made where there is none.
  /// - Throws: `StackError.cannotCreate` or `PlotError` where files cannot be written.
  public func run(into folder: String, _ follower: Follower = .silent) throws -> Report {
    let result = try experiment()
    try Self.makeFolder(folder)
    follower.beforeFiles()
    func path(_ name: String) -> String { (folder as NSString).appendingPathComponent(name) }
    var files: [String] = []
    for (part, table) in result.tables {
      files.append(path(rawValue + (part.isEmpty ? "" : "." + part) + ".csv"))
      try table.write(to: files[files.count - 1])
    }
    files.append(path(rawValue + ".svg"))
    try result.figure.write(to: files[files.count - 1])
    files.append(path(rawValue + ".json"))
    let report = Report(
      lab: self, title: result.figure.title, facts: result.facts, files: files)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    let json = try encoder.encode(report) + Data("\n".utf8)
    do {
      try json.write(to: URL(fileURLWithPath: files[files.count - 1]), options: .atomic)
    } catch {
      throw WorkflowError.unwritable(
        path: files[files.count - 1], reason: "the system refused")
    }
    return report
  }

  private func experiment() throws -> LabResult {
    switch self {
    case .forwardModel: try LabResult.forwardModel()
    case .nonUniqueness: try LabResult.nonUniqueness()
    case .svd: try LabResult.svd()
    case .noiseAmplification: try LabResult.noiseAmplification()
    case .tikhonovAgainstTV: try LabResult.tikhonovAgainstTV()
    case .uCurve: try LabResult.uCurve()
    case .lCurve: try LabResult.lCurve()
    case .reconstructionLimits: try LabResult.reconstructionLimits()
    }
  }

  private static func makeFolder(_ folder: String) throws {
    guard !isFolder(folder) else { return }
    try checkFolder(of: folder)
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: false)
    } catch {
      throw WorkflowError.unwritable(path: folder, reason: "it is no folder and cannot become one")
    }
  }
}
