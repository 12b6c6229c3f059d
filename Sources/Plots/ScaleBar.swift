import RealModule

/// A length of 1, 2 or 5 times a power of ten nanometres that suits a picture.
struct ScaleBar {
  /// In nm.
  let length: Double
  let pixelCount: Int

  /// The round length that is nearest, as a ratio, to a fifth of the width.
  init(width: Int, pixelSize: Double) {
    precondition(width > 0 && pixelSize > 0 && pixelSize.isFinite, "a pixel has a size")
    let wanted = Double(width) * pixelSize / 5
    let decade = Int(Double.log10(wanted).rounded(.down))
    let candidates = [1, 2, 5, 10].map { decimal($0, exponent: decade) }
    length =
      candidates.min { max($0 / wanted, wanted / $0) < max($1 / wanted, wanted / $1) } ?? wanted
    pixelCount = max(1, Int((length / pixelSize).rounded()))
  }

  /// For instance "50 nm", "2 µm" or "0.5 nm".
  var label: String {
    length >= 1000 ? "\(plain(length / 1000)) µm" : "\(plain(length)) nm"
  }
}

extension Picture {
  /// The picture with a scale bar in its lower left corner.
  ///
  /// - Parameter pixelSize: the edge of a pixel in nm, after any magnification.
  package func withScaleBar(pixelSize: Double) -> Picture {
    let bar = ScaleBar(width: width, pixelSize: pixelSize)
    let unit = max(1, width / 256)
    let label = bar.label
    let inner = max(bar.pixelCount, Lettering.width(of: label, scale: unit))
    let (boxWidth, boxHeight) = (inner + 8 * unit, (Lettering.height + 12) * unit)
    guard boxWidth <= width && boxHeight <= height else { return self }
    var picture = self
    let (left, top) = (0, height - boxHeight)
    picture.fill(columns: left..<left + boxWidth, rows: top..<height, shade: 0)
    picture.write(
      label, row: top + 3 * unit,
      column: left + 4 * unit + (inner - Lettering.width(of: label, scale: unit)) / 2,
      scale: unit, shade: 255)
    let start = left + 4 * unit + (inner - bar.pixelCount) / 2
    picture.fill(
      columns: start..<start + bar.pixelCount, rows: height - 6 * unit..<height - 3 * unit,
      shade: 255)
    return picture
  }
}
