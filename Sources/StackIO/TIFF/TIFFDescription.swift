import CTIFF

/// What the first directory of a TIFF file says about the whole: the notes of ImageJ, tifffile or OME.
struct TIFFDescription {
  private enum Notes {
    case imageJ(ImageJNotes)
    case shape(ShapeNotes)
    case ome(OMEDescription)
    case none
  }

  let text: String?
  private let notes: Notes
  private let resolution: (x: Double, y: Double)
  private let unit: Int
  /// Why OME-XML is not used.
  private let fault: OMENote?

  init(_ file: TIFFHandle) {
    let text = file.text(TIFFTAG_IMAGEDESCRIPTION) ?? ""
    self.text = text.isEmpty ? nil : text
    resolution = (file.number(TIFFTAG_XRESOLUTION) ?? 0, file.number(TIFFTAG_YRESOLUTION) ?? 0)
    unit = file.short(TIFFTAG_RESOLUTIONUNIT) ?? 2
    var (notes, fault) = (Notes.none, OMENote?.none)
    if let found = ImageJNotes(text) {
      notes = .imageJ(found)
    } else if let found = ShapeNotes(text) {
      notes = .shape(found)
    } else if OMEDescription.begins(text) {
      do throws(OMENote) { notes = .ome(try OMEDescription(text)) } catch { fault = error }
    }
    (self.notes, self.fault) = (notes, fault)
  }

  /// From stored samples to values: ImageJ's calibration, and 0 as white.
  func valueScale(of facts: TIFFDirectory) -> ValueScale? {
    var scale: ValueScale?
    if case .imageJ(let notes) = notes { scale = notes.valueScale(of: facts.sampleType) }
    guard let white = facts.largestOfWhiteZero else { return scale }
    let (offset, factor) = (scale?.offset ?? 0, scale?.scale ?? 1)
    return ValueScale(scale: -factor, offset: offset + factor * white)
  }

  var spacing: (StackSpacing, FactSource)? {
    let (found, source): (StackSpacing, FactSource) =
      switch notes {
      case .imageJ(let notes): (notes.spacing(resolution), .imageJ)
      case .ome(let ome): (ome.spacing, .omeXML)
      case .shape, .none: (plainSpacing, .resolutionTags)
      }
    return found == StackSpacing() ? nil : (found, source)
  }

  /// Pixels per inch or centimetre count only below 1 µm per pixel: coarser ones are screen and
  /// printer defaults.
  private var plainSpacing: StackSpacing {
    let length = unit == 3 ? 1e7 : unit == 2 ? 2.54e7 : 0
    func size(_ resolution: Double) -> Double? {
      plausibleSpacing(length / resolution).flatMap { $0 <= 1000 ? $0 : nil }
    }
    return StackSpacing(column: size(resolution.x), row: size(resolution.y))
  }

  /// How many pages of the size of the first notes tell of.
  func told(_ facts: TIFFDirectory) -> Told<Int>? {
    switch notes {
    case .imageJ(let notes): notes.pageCount.map { Told($0, .imageJ) }
    case .shape(let notes):
      notes.pageCount(rows: facts.rowCount, columns: facts.columnCount).map {
        Told($0, .shapeNotes)
      }
    case .ome, .none: nil
    }
  }

  /// How the pages are read, in which order and with what to be said.
  struct Order {
    /// Pages of the file, one per page of the stack.
    var pages: [Int]
    var hyperstack: Hyperstack?
    var notes: [StackNote] = []
  }

  /// - Throws: ``StackError`` where planes lie in other files.
  func order(_ pageCount: Int, _ facts: TIFFDirectory, path: String) throws(StackError) -> Order {
    var order = Order(pages: Array(0..<pageCount))
    if let fault { order.notes.append(.ome(fault)) }
    switch notes {
    case .imageJ(let notes):
      if let images = notes.imageCount, let stack = notes.hyperstack, stack.pageCount != images {
        order.notes.append(.tiff(.imageCounts(images: images, product: stack.pageCount)))
      }
      order.hyperstack = notes.hyperstack
      if let curve = notes.curve { order.notes.append(.tiff(.calibration(curve))) }
    case .ome(let ome): try arrange(ome, facts, path, &order)
    case .shape(let notes):
      order.hyperstack = notes.hyperstack(rows: facts.rowCount, columns: facts.columnCount)
      if told(facts) == nil { order.notes.append(.tiff(.shape(notes.shape))) }
    case .none: break
    }
    if order.hyperstack?.pageCount != order.pages.count { order.hyperstack = nil }
    if let told = told(facts), told.value != pageCount {
      order.notes.append(.tiff(.pageCount(told: told.value, by: told.source, found: pageCount)))
    }
    return order
  }

  private func arrange(
    _ ome: OMEDescription, _ facts: TIFFDirectory, _ path: String, _ order: inout Order
  ) throws(StackError) {
    let name = path.split(separator: "/").last.map { String($0) } ?? path
    if let other = OMEPlanes.otherFile(ome, name: name) {
      guard !other.isSure else { throw .planesElsewhere(path: path, file: other.name) }
      order.notes.append(.ome(.otherName(other.name)))
    }
    order.notes += ome.notes(facts).map { .ome($0) }
    guard let stack = ome.hyperstack else {
      order.notes.append(.ome(.planes("its sizes or its DimensionOrder are invalid")))
      return
    }
    do throws(OMENote) {
      let pages = try OMEPlanes.pages(ome, stack, pageCount: order.pages.count)
      if pages != Array(0..<stack.pageCount) { order.notes.append(.ome(.reordered)) }
      (order.pages, order.hyperstack) = (pages, stack)
    } catch {
      order.notes.append(.ome(error))
    }
  }
}
