package import Plots
package import Records

extension ResultFiles {
  /// Writes a table or a drawing beside its place.
  package func add(_ plot: any Writable, at path: String) throws {
    try add(try plot.contents(), at: path)
  }

  package func add(_ plots: [(ending: String, plot: any Writable)], beside name: String) throws {
    for (ending, plot) in plots { try add(plot, at: name + ending) }
  }

  /// Refuses a name that is no SVG, and one that may not be written.
  package func claim(drawing path: String) throws {
    guard path.lowercased().hasSuffix(".svg") else { throw SeriesError.notSVG(path: path) }
    try claim(path)
  }
}
