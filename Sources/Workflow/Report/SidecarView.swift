import Files
import Foundation
import Inversion
import Preparation
import Records

/// A sidecar as it is read: any fact can be missing or null.
struct SidecarView: Sendable {
  let root: JSONValue
  private let trials: Trials

  /// One thing that was tried, by its typed name.
  private struct Trials: Decodable {
    struct Choice: Decodable { let candidates: [Trial]? }
    let lambdaChoice: Choice?
  }

  /// - Throws: `FileError` where it cannot be read, ``WorkflowError/badSidecar(path:)``, or ``WorkflowError/notASidecar(path:reason:)``
  ///   where a tilt, with its offset, is more than a whole turn.
  init(reading path: String) throws {
    let data = Data(try InputFile.contents(of: path).bytes)
    guard let root = try? JSONDecoder().decode(JSONValue.self, from: data),
      !root["output"].members.isEmpty
    else { throw WorkflowError.badSidecar(path: path) }
    let geometry = root["geometry"]
    if let tilt = (geometry["tilts"].doubles + geometry["tiltRange"].doubles)
      .first(where: { !(abs($0) <= 360) })
    {
      throw WorkflowError.notASidecar(path: path, reason: "it has a tilt of \(tilt) degrees")
    }
    self.root = root
    trials = (try? JSONDecoder().decode(Trials.self, from: data)) ?? Trials(lambdaChoice: nil)
  }

  var command: [String] { root["command"].elements.compactMap(\.text) }
  var method: String? { root["method"].text }
  var iterations: Int? { root["iterations"].integer }
  var lambda: Double? { root["lambda"].double }
  var warnings: [String] { root["warnings"].elements.compactMap(\.text) }
  /// Whether the object goes on beyond the field of its series, by the reconstruction or a stage before it.
  var isCut: Bool {
    let verdict = root["field"].text.flatMap { FieldReach.Verdict(rawValue: $0) }
    let matters = root["stageWarnings"].elements.map { $0["matter"].text }
    return verdict?.isCut == true || matters.contains(LastingWarning.Matter.field.rawValue)
  }
  /// What stages before the one that made the volume warned of.
  var earlierWarnings: [StageWarning] {
    root["stageWarnings"].elements.compactMap { told in
      guard let stage = told["stage"].text, let file = told["file"].text,
        let words = told["words"].text, !warnings.contains(words)
      else { return nil }
      return StageWarning(stage: stage, file: file, LastingWarning(words))
    }
  }
  var outputHash: String? { root["output"]["sha256"].text }
  var voxelSize: Double? { root["output"]["voxelSize"].double }
  var tiltAxis: String? { root["geometry"]["tiltAxis"].text }
  var candidates: [Trial] { trials.lambdaChoice?.candidates ?? [] }

  /// Degrees.
  var tilts: [Double] { root["geometry"]["tilts"].doubles }

  /// Degrees, the lower first.
  var tiltRange: ClosedRange<Double>? {
    let told = root["geometry"]["tiltRange"].doubles
    let ends = told.count == 2 ? told : tilts
    guard let low = ends.min(), let high = ends.max() else { return nil }
    return low...high
  }

  /// The files that the result was made from, as they were named and where they stood.
  var inputPaths: [String] {
    let folder = root["directory"].text
    return root["inputs"].elements.compactMap { $0["path"].text }.flatMap { path in
      guard let folder else { return [path] }
      return [path, URL(fileURLWithPath: path, relativeTo: URL(fileURLWithPath: folder)).path]
    }
  }
}
