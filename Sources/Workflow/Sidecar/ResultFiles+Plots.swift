import Plots
import Records

extension ResultFiles {
  /// Writes a table or a drawing beside its place.
  func add(_ plot: any Writable, at path: String) throws { try add(try plot.contents(), at: path) }

  func add(_ plots: [(ending: String, plot: any Writable)], beside name: String) throws {
    for (ending, plot) in plots { try add(plot, at: name + ending) }
  }

  /// Refuses a name that is no SVG, and one that may not be written.
  func claim(drawing path: String) throws {
    guard path.lowercased().hasSuffix(".svg") else { throw WorkflowError.notSVG(path: path) }
    try claim(path)
  }
}
