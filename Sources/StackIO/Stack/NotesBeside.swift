import Files

extension StackInfo {
  /// Takes in what the `.mdoc` and the `.rawtlt` file beside the stack tell, where they are there.
  mutating func addNotesBeside() {
    if let path = Mdoc.path(beside: path) {
      do throws(StackError) {
        add(try Mdoc(reading: path), path)
      } catch {
        add { () throws(StackError) in throw error }
      }
    }
    if let dot = path.lastIndex(of: "."), !path[dot...].contains("/") {
      let angles = String(path[..<dot]) + ".rawtlt"
      if FileStamp(path: angles) != nil {
        add { () throws(StackError) in try TiltAngles(reading: angles) }
      }
    }
  }

  private mutating func add(_ mdoc: Mdoc, _ path: String) {
    add(mdoc.tilts)
    if mdoc.sections.count == shape.pageCount, doses == nil, let known = mdoc.exposureDoses {
      doses = Told(known, .mdoc(path: path))
    }
    addSize(of: mdoc, path)
    guard let angle = mdoc.axisAngle else { return }
    let told = Told(angle, FactSource.mdoc(path: path))
    if let known = axisAngle, abs(known.value - angle) > 0.1 {
      notes.append(.axisAngles(known, told))
    }
    axisAngle = axisAngle ?? told
  }

  /// Pictures of another size were binned or cropped since: their pixels may be others.
  private mutating func addSize(of mdoc: Mdoc, _ path: String) {
    if let told = mdoc.imageSize, told != (shape.columnCount, shape.rowCount) {
      notes.append(
        .mdoc(path: path, .imageSize(columns: told.columns, rows: told.rows)))
      return
    }
    guard let size = mdoc.pixelSize else { return }
    if let known = spacing.column {
      if abs(known - size) > 0.01 * known {
        notes.append(.mdoc(path: path, .pixelSize(size, stack: known)))
      }
    } else {
      (spacing.column, spacing.row) = (size, size)
      spacingSource = .mdoc(path: path)
    }
  }
}
