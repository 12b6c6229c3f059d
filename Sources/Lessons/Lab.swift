package import Reconstruction
import Plots
import Records

/// The experiments that show why deblurring is hard and what helps, one figure each.
package enum Lab: String, Sendable, Codable, CaseIterable {
  case forwardModel = "forward-model"
  case nonUniqueness = "non-uniqueness"
  case svd
  case noiseAmplification = "noise-amplification"
  case tikhonovAgainstTV = "tikhonov-vs-tv"
  case uCurve = "u-curve"
  case lCurve = "l-curve"
  case reconstructionLimits = "reconstruction-limits"

  /// What an experiment came to, and what it wrote.
  package struct Report: Sendable, Encodable {
    package let lab: Lab
    package let title: String
    /// The numbers that the figure stands for.
    package let facts: [String: Setting]
    package let files: [String]
  }

  /// Computes the experiment and writes `NAME.csv`, `NAME.svg` and `NAME.json` into `folder`.
  ///
  /// The folder is made where there is none.
  /// - Throws: `StackError.cannotCreate` or `PlotError` where files cannot be written.
  package func run(
    into folder: String, command: [String] = [], overwrites: Bool = false,
    _ follower: Follower = .silent
  ) throws -> Report {
    let result = try experiment()
    let tables = result.tables.map { part, table in
      (rawValue + (part.isEmpty ? "" : "." + part) + ".csv", table)
    }
    let (drawing, record) = (rawValue + ".svg", rawValue + ".json")
    let names = tables.map(\.0) + [drawing]
    let study = try StudyFolder(
      folder, record: record, names, inputs: [], overwrites: overwrites)
    let report = Report(
      lab: self, title: result.figure.title, facts: result.facts,
      files: (names + [record]).map { path($0, in: folder) })
    return try study.fill { files, place in
      follower.begin(files)
      for (name, table) in tables { try files.add(try table.contents(), at: path(name, in: place)) }
      try files.add(try result.figure.contents(), at: path(drawing, in: place))
      try files.finish(Recorded(LabFacts(report), command: command))
      return report
    }
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
}

/// A report without the places of its files, which the record has under the same key.
private struct LabFacts: Sendable, Encodable {
  let lab: Lab
  let title: String
  let facts: [String: Setting]

  init(_ report: Lab.Report) {
    (lab, title, facts) = (report.lab, report.title, report.facts)
  }
}
