import Files
import Foundation
package import Inversion
package import Reconstruction
package import Records

/// A sidecar as it is read: any fact can be missing or null.
package struct SidecarView: Sendable {
  package let root: JSONValue
  private let trials: Trials
  /// The method with its parameters; `nil` where the sidecar has none.
  package let recipe: MethodRecipe?

  /// One thing that was tried, by its typed name.
  private struct Trials: Decodable {
    struct Choice: Decodable { let candidates: [LambdaTrial]? }
    let lambdaChoice: Choice?
  }

  /// - Throws: `FileError` where it cannot be read, or ``ReportError`` where it is no sidecar (`RecordsError` where it is a later one) or a tilt is more than a
  ///   whole turn.
  package init(reading path: String) throws {
    let data = Data(try InputFile.contents(of: path).bytes)
    try ResultFiles.checkSchema(of: data, at: path)
    guard let root = try? JSONDecoder().decode(JSONValue.self, from: data),
      !root["output"].members.isEmpty
    else { throw ReportError.badSidecar(path: path) }
    let geometry = root["geometry"]
    if let tilt = (geometry["tilts"].doubles + geometry["tiltRange"].doubles)
      .first(where: { !(abs($0) <= 360) })
    {
      throw ReportError.tilt(tilt, path: path)
    }
    self.root = root
    struct Made: Decodable {
      let method: String
      let settings: [String: Setting]
    }
    recipe = (try? JSONDecoder().decode(Made.self, from: data)).map {
      MethodRecipe(name: $0.method, parameters: $0.settings)
    }
    trials = (try? JSONDecoder().decode(Trials.self, from: data)) ?? Trials(lambdaChoice: nil)
  }

  package var command: [String] { root["command"].elements.compactMap(\.text) }
  package var method: String? { root["method"].text }
  package var iterations: Int? { root["iterations"].integer }
  package var lambda: Double? { root["lambda"].double }
  package var warnings: [String] { root["warnings"].elements.compactMap(\.text) }
  /// What stages before the one that made the volume warned of.
  package var earlierWarnings: [StageWarning] {
    root["stageWarnings"].elements.compactMap { told in
      guard let stage = told["stage"].text, let file = told["file"].text,
        let words = told["words"].text, !warnings.contains(words)
      else { return nil }
      return StageWarning(stage: stage, file: file, LastingWarning(words))
    }
  }
  package var outputHash: String? { root["output"]["sha256"].text }
  package var voxelSize: Double? { root["output"]["voxelSize"].double }
  package var tiltAxis: String? { root["geometry"]["tiltAxis"].text }
  package var candidates: [LambdaTrial] { trials.lambdaChoice?.candidates ?? [] }

  /// Degrees.
  package var tilts: [Double] { root["geometry"]["tilts"].doubles }

  /// Degrees, the lower first.
  package var tiltRange: ClosedRange<Double>? {
    let told = root["geometry"]["tiltRange"].doubles
    let ends = told.count == 2 ? told : tilts
    guard let low = ends.min(), let high = ends.max() else { return nil }
    return low...high
  }

  /// The files that the result was made from, as they were named and where they stood.
  package var inputPaths: [String] {
    let folder = root["directory"].text
    return root["inputs"].elements.compactMap { $0["path"].text }.flatMap { path in
      guard let folder else { return [path] }
      return [path, URL(fileURLWithPath: path, relativeTo: URL(fileURLWithPath: folder)).path]
    }
  }
}
