package import SeriesIO
import Fields
import Files
package import Foundation
import Phantoms
import Reconstruction
import StackIO
package import Workflow

/// A folder of its own, with a recipe of one ball.
package final class Desk {
  package let folder: URL

  package init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("workflow-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try write(
      """
      {"name": "ball", "description": "One ball.", "unit": "halfWidth", "size": [16, 5, 12],
       "objects": [{"shape": "sphere", "radius": 0.3, "density": 2}]}
      """, to: "ball.json")
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  package func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
  package func url(_ name: String) -> URL { folder.appendingPathComponent(name) }

  package func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: url(name))
  }

  package func data(_ name: String) throws -> Data { try Data(contentsOf: url(name)) }

  package func json(_ name: String) throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(with: try data(name))
    return object as? [String: Any] ?? [:]
  }

  package func simulation(_ range: String, to name: String) throws -> Simulation {
    let phantom = try Phantom(try PhantomRecipe(reading: path("ball.json")))
    return Simulation(
      .phantom(phantom, recipe: try Fingerprint(path: path("ball.json"))),
      tilts: try TiltAngles(range: range),
      to: StackTarget(path: path(name)))
  }

  /// Writes a series of the ball.
  @discardableResult
  package func series(_ range: String, to name: String) throws -> Sidecar {
    try simulation(range, to: name).run(.silent)
  }

  package func source(_ name: String, _ range: String) throws -> SeriesSource {
    var options = SeriesSource.Options()
    options.tilts = try TiltAngles(range: range)
    return try SeriesSource(path: path(name), options)
  }
}
