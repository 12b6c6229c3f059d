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
    filesBeside.append(mdoc.fingerprint)
    add(mdoc.tilts)
    if mdoc.sections.count == shape.pageCount, doses == nil, let known = mdoc.exposureDoses {
      doses = Told(known, .mdoc(path: path))
    }
    addSize(of: mdoc, path)
    if let mode = mdoc.dataMode, format == .mrc, let type = [0: 1, 1: 2, 2: 4, 6: 2, 12: 2][mode],
      type != sampleType.byteCount || (mode == 2) != (sampleType == .float32)
    {
      notes.append(.mdoc(path: path, .dataMode(mode)))
    }
    if let name = mdoc.imageFile, Self.stem(name) != Self.stem(self.path) {
      notes.append(.mdoc(path: path, .imageFile(name)))
    }
    guard let angle = mdoc.axisAngle else { return }
    let told = Told(angle, FactSource.mdoc(path: path))
    if let known = axisAngle, abs(known.value - angle) > 0.1 {
      notes.append(.axisAngles(known, told))
    }
    axisAngle = axisAngle ?? told
  }

  /// The name of a file without folders, of whatever system, and ending.
  private static func stem(_ path: String) -> Substring {
    let name = path.split { $0 == "/" || $0 == "\\" }.last ?? ""
    return name.lastIndex(of: ".").map { name[..<$0] } ?? name
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
