/// ImageJ's notes in a TIFF: lines of `key=value` behind `ImageJ=1.54f`.
struct ImageJNotes {
  private let fields: [Substring: Substring]

  /// `nil` where the text is none of ImageJ's.
  init?(_ text: String) {
    guard text.hasPrefix("ImageJ=") else { return nil }
    var fields: [Substring: Substring] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: "=", maxSplits: 1)
      if parts.count == 2 { fields[parts[0]] = parts[1] }
    }
    self.fields = fields
  }

  private func count(_ key: Substring) -> Int? { fields[key].flatMap { Int($0) } }

  /// `images=`
  var imageCount: Int? { count("images") }

  /// Channels fastest, then slices, then frames; `nil` where none of them is told.
  var hyperstack: Hyperstack? {
    let told = ["channels", "slices", "frames"].map { count($0) }
    guard told.contains(where: { $0 != nil }) else { return nil }
    return Hyperstack(
      channels: told[0] ?? 1, slices: told[1] ?? 1, frames: told[2] ?? 1,
      order: [.channel, .slice, .frame], source: .imageJ)
  }

  /// How many pages there should be.
  var pageCount: Int? { imageCount ?? hyperstack?.pageCount }

  /// ImageJ's straight-line calibration of unsigned samples, `cf=0`, `c0=offset`, `c1=scale`.
  func valueScale(of type: SampleType) -> ValueScale? {
    guard type == .uint8 || type == .uint16, fields["cf"] == "0",
      let offset = fields["c0"].flatMap({ Double($0) }), offset.isFinite,
      let scale = fields["c1"].flatMap({ Double($0) }), scale.isFinite, scale != 0
    else { return nil }
    return ValueScale(scale: scale, offset: offset)
  }

  /// The number of a calibration that is no straight line; 20 is none.
  var curve: Int? { count("cf").flatMap { $0 != 0 && $0 != 20 ? $0 : nil } }

  /// ImageJ keeps pixels per `unit` in the resolution tags, and the distance of pages in `spacing`.
  func spacing(_ resolution: (x: Double, y: Double)) -> StackSpacing {
    guard let unit = fields["unit"].flatMap({ nanometres(in: $0) }) else { return StackSpacing() }
    let yUnit = fields["yunit"].map { nanometres(in: $0) } ?? unit
    let zUnit = fields["zunit"].map { nanometres(in: $0) } ?? unit
    let spacing = fields["spacing"].flatMap { Double($0) }
    return StackSpacing(
      column: plausibleSpacing(unit / resolution.x),
      row: yUnit.flatMap { plausibleSpacing($0 / resolution.y) },
      page: zUnit.flatMap { unit in spacing.flatMap { plausibleSpacing(abs($0) * unit) } })
  }
}

/// The length of a unit in nm; `nil` for pixels and unknown ones.
func nanometres(in unit: some StringProtocol) -> Double? {
  switch unit.lowercased().replacing("\\u00b5", with: "µ").replacing("\\u00c5", with: "å") {
  case "nm", "nanometer", "nanometers", "nanometre", "nanometres": 1
  case "µm", "μm", "um", "micron", "microns", "micrometer", "micrometers", "micrometre",
    "micrometres", "\u{FFFD}m":
    1e3
  case "å", "å\u{30A}", "a\u{30A}", "a", "angstrom", "angstroms", "ångström": 0.1
  case "pm", "picometer", "picometre": 1e-3
  case "mm": 1e6
  case "cm": 1e7
  case "m": 1e9
  case "inch", "in": 2.54e7
  default: nil
  }
}
