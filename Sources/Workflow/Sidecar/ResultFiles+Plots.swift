import Plots
import Records

extension ResultFiles {
  /// Writes a table or a drawing beside its place.
  func add(_ plot: any Writable, at path: String) throws { try add(try plot.contents(), at: path) }
}
