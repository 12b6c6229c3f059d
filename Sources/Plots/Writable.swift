package import Foundation

/// What can be written as a file: tables, charts, figures and pictures.
package protocol Writable {
  /// The bytes of the file.
  ///
  /// - Throws: ``PlotError`` where it cannot be drawn.
  func contents() throws(PlotError) -> Data
}

extension Writable {
  /// Writes the file, beside `path` first and then under its name.
  ///
  /// - Throws: ``PlotError`` where it cannot be drawn or written.
  package func write(to path: String) throws(PlotError) {
    let data = try contents()
    do {
      try data.write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw .cannotWrite(path)
    }
  }
}
