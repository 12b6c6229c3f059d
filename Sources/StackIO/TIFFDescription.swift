import CTIFF

/// What the first directory of a TIFF file says about the whole: ImageJ's and OME's notes.
struct TIFFDescription {
  let text: String?
  let spacing: StackSpacing
  /// The number of pages that ImageJ says there are.
  let imageCount: Int?
  private let fields: [Substring: Substring]

  init(_ file: TIFFHandle) {
    text = file.text(TIFFTAG_IMAGEDESCRIPTION)
    let resolution = (
      x: file.number(TIFFTAG_XRESOLUTION) ?? 0, y: file.number(TIFFTAG_YRESOLUTION) ?? 0
    )
    let unit = file.short(TIFFTAG_RESOLUTIONUNIT) ?? 2
    let text = text ?? ""
    if text.hasPrefix("ImageJ=") {
      fields = Self.imageJFields(text)
      imageCount = fields["images"].flatMap { Int($0) }
      spacing = Self.imageJSpacing(fields, resolution)
    } else {
      (fields, imageCount) = ([:], nil)
      spacing =
        text.contains("<OME") ? Self.omeSpacing(text) : Self.plainSpacing(resolution, unit)
    }
  }

  /// ImageJ's straight-line calibration of unsigned samples, `cf=0`, `c0=offset`, `c1=scale`.
  func valueScale(of type: SampleType) -> ValueScale? {
    guard type == .uint8 || type == .uint16, fields["cf"] == "0",
      let offset = fields["c0"].flatMap({ Double($0) }), offset.isFinite,
      let scale = fields["c1"].flatMap({ Double($0) }), scale.isFinite, scale != 0
    else { return nil }
    return ValueScale(scale: scale, offset: offset)
  }

  private static func imageJFields(_ text: String) -> [Substring: Substring] {
    var fields: [Substring: Substring] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: "=", maxSplits: 1)
      if parts.count == 2 { fields[parts[0]] = parts[1] }
    }
    return fields
  }

  /// ImageJ keeps pixels per `unit` in the resolution tags, and the distance of pages in `spacing`.
  private static func imageJSpacing(
    _ fields: [Substring: Substring], _ resolution: (x: Double, y: Double)
  ) -> StackSpacing {
    guard let unit = fields["unit"].flatMap({ nanometres(in: $0) }) else { return StackSpacing() }
    let yUnit = fields["yunit"].map { nanometres(in: $0) } ?? unit
    let zUnit = fields["zunit"].map { nanometres(in: $0) } ?? unit
    let spacing = fields["spacing"].flatMap { Double($0) }
    return StackSpacing(
      column: plausibleSpacing(unit / resolution.x),
      row: yUnit.flatMap { plausibleSpacing($0 / resolution.y) },
      page: zUnit.flatMap { unit in spacing.flatMap { plausibleSpacing(abs($0) * unit) } })
  }

  private static func omeSpacing(_ text: String) -> StackSpacing {
    func size(_ axis: String) -> Double? {
      guard let value = attribute("PhysicalSize\(axis)", in: text).flatMap({ Double($0) }),
        let unit = nanometres(in: attribute("PhysicalSize\(axis)Unit", in: text) ?? "µm")
      else { return nil }
      return plausibleSpacing(value * unit)
    }
    return StackSpacing(column: size("X"), row: size("Y"), page: size("Z"))
  }

  /// Pixels per inch or centimetre count only below 1 µm a pixel: coarser ones are screen and
  /// printer defaults.
  private static func plainSpacing(
    _ resolution: (x: Double, y: Double), _ unit: Int
  ) -> StackSpacing {
    let length = unit == 3 ? 1e7 : unit == 2 ? 2.54e7 : 0
    func size(_ resolution: Double) -> Double? {
      plausibleSpacing(length / resolution).flatMap { $0 <= 1000 ? $0 : nil }
    }
    return StackSpacing(column: size(resolution.x), row: size(resolution.y))
  }
}

/// The value of the first XML attribute `name="…"` in `text`, in one pass over its bytes.
private func attribute(_ name: String, in text: String) -> Substring? {
  let (key, bytes) = (Array(" \(name)=\"".utf8), text.utf8)
  var matched = 0
  for index in bytes.indices {
    let byte = bytes[index]
    // The key begins with its only blank, so that no other part of it can begin a match.
    matched = byte == key[matched] ? matched + 1 : byte == key[0] ? 1 : 0
    guard matched == key.count else { continue }
    let value = bytes[index...].dropFirst()
    return value.firstIndex(of: UInt8(ascii: "\"")).map { Substring(value[..<$0]) }
  }
  return nil
}

/// The length of a unit in nm; `nil` for pixels and unknown ones.
private func nanometres(in unit: Substring) -> Double? {
  switch unit.lowercased().replacing("\\u00b5", with: "µ").replacing("\\u00c5", with: "å") {
  case "nm", "nanometer", "nanometers", "nanometre", "nanometres": 1
  case "µm", "μm", "um", "micron", "microns", "micrometer", "micrometers", "micrometre",
    "micrometres", "\u{FFFD}m":
    1e3
  case "å", "å\u{30A}", "a\u{30A}", "a", "angstrom", "angstroms", "ångström": 0.1
  case "pm": 1e-3
  case "mm": 1e6
  case "cm": 1e7
  case "m": 1e9
  case "inch", "in": 2.54e7
  default: nil
  }
}
