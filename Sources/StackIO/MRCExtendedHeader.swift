import Files

/// What the extended header of an MRC file says of each page.
///
/// Four kinds are known: FEI1 and FEI2 (8-byte floats at fixed places), SERI (SerialEM, short
/// integers), Agard's (integers then floats, the tilt first) and the old FEI (128 bytes a page).
struct MRCExtendedHeader {
  private(set) var degrees: [Double]?
  private(set) var exposureDoses: [Double]?
  /// In nm.
  private(set) var pixelSize: Double?

  init(_ header: MRCHeader, of file: InputFile) throws(StackError) {
    let fields = header.fields
    let length = header.dataOffset - MRCHeader.byteCount
    guard length > 0 else { return }
    let pages = header.shape.pageCount
    let kind = fields.text(at: 104, count: 4)
    // Two short numbers; old FEI files leave them 0.
    let (first, second) = (fields.int16(at: 128), fields.int16(at: 130))
    let extra = HeaderBytes(
      bytes: try FileError.inStack { () throws(FileError) in
        try file.bytes(length, at: MRCHeader.byteCount)
      }, order: fields.order)

    if kind == "FEI1" || kind == "FEI2" {
      readNewFEI(extra, pages)
    } else if let seri = SerialEMLayout(bytesPerPage: first, flags: second), kind != "AGAR" {
      guard seri.bytesPerPage * pages <= length else { return }
      if let offset = seri.tiltOffset {
        degrees = (0..<pages).map { Double(extra.int16(at: $0 * seri.bytesPerPage + offset)) / 100 }
      }
      if let offset = seri.doseOffset {
        exposureDoses = (0..<pages).map {
          seri.number(extra, at: $0 * seri.bytesPerPage + offset)
        }
      }
    } else if length == 1024 * 128, first == 0, second == 0 || second == 32, pages <= 1024 {
      degrees = (0..<pages).map { shortestDecimal(extra.float(at: $0 * 128)) }
      pixelSize = plausibleSpacing(extra.float(at: 11 * 4) * 1e9)
    } else if first >= 0, second > 0, (first + second) * 4 * pages <= length {
      degrees = (0..<pages).map {
        shortestDecimal(extra.float(at: ($0 * (first + second) + first) * 4))
      }
    }
    if let angles = degrees, !angles.contains(where: { $0 != 0 }) { degrees = nil }
    if let doses = exposureDoses, !doses.allSatisfy({ $0.isFinite && $0 > 0 }) {
      exposureDoses = nil
    }
  }

  /// Each page begins with its own length; bits of the mask at byte 8 say which fields are set.
  private mutating func readNewFEI(_ extra: HeaderBytes, _ pages: Int) {
    let stride = extra.bytes.count >= 4 ? extra.int32(at: 0) : 0
    guard stride >= 172, stride <= extra.bytes.count / pages else { return }
    let mask = extra.int32(at: 8)
    if mask & 1 << 7 != 0 { degrees = (0..<pages).map { extra.double(at: $0 * stride + 100) } }
    if mask & 1 << 14 != 0 { pixelSize = plausibleSpacing(extra.double(at: 156) * 1e9) }
    if mask & 1 << 6 != 0 {  // electrons/m²
      exposureDoses = (0..<pages).map { extra.double(at: $0 * stride + 92) * 1e-20 }
    }
  }
}

/// Which fields SerialEM keeps for a page, in the order of their flags.
struct SerialEMLayout {
  let bytesPerPage: Int
  private(set) var tiltOffset: Int?
  private(set) var doseOffset: Int?

  /// `nil` when the fields that `flags` names do not add up to `bytesPerPage`.
  init?(bytesPerPage: Int, flags: Int) {
    // tilt · 100, piece coordinates, stage · 25, magnification / 100, intensity · 25000, dose, …
    let sizes = [2, 6, 4, 2, 2, 4, 2, 4, 2, 4, 2]
    var offset = 0
    guard bytesPerPage > 0, flags > 0, flags < 1 << sizes.count else { return nil }
    for (bit, size) in sizes.enumerated() where flags & 1 << bit != 0 {
      if bit == 0 { tiltOffset = offset }
      if bit == 5 { doseOffset = offset }
      offset += size
    }
    guard offset == bytesPerPage else { return nil }
    self.bytesPerPage = bytesPerPage
  }

  /// SerialEM's float in two shorts: ±(|s₁| · 256 + |s₂| mod 256) · 2^(sign(s₂) · |s₂| / 256).
  func number(_ bytes: HeaderBytes, at offset: Int) -> Double {
    let (s1, s2) = (bytes.int16(at: offset), bytes.int16(at: offset + 2))
    let mantissa = Double((abs(s1) * 256 + abs(s2) % 256) * (s1 < 0 ? -1 : 1))
    let exponent = s2.signum() * (abs(s2) / 256)
    return Double(sign: .plus, exponent: exponent, significand: 1) * mantissa
  }
}
