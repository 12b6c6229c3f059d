import Files

extension StackInfo {
  /// Takes in what the `.mdoc` and the `.rawtlt` file beside the stack tell, where they are there.
  mutating func addNotesBeside() {
    for path in Mdoc.paths(beside: path) {
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
    if mdoc.sections.count == shape.pageCount, let told = mdoc.exposureDoses {
      if let known = doses?.value {
        if zip(known, told).contains(where: { abs($0 - $1) > 0.01 * $1 }) {
          notes.append(.mdoc(path: path, .doses))
        }
      } else {
        doses = Told(told, .mdoc(path: path))
      }
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
    for angle in mdoc.axisAngles { add(axisAngle: Told(angle, .mdoc(path: path))) }
  }

  /// Takes in where the axis lies, unless it is known; another direction is noted.
  mutating func add(axisAngle told: Told<Double>) {
    guard let known = axisAngle else {
      axisAngle = told
      return
    }
    let turn = abs(known.value - told.value).truncatingRemainder(dividingBy: 180)
    if min(turn, 180 - turn) > 0.1 { notes.append(.axisAngles(known, told)) }
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
