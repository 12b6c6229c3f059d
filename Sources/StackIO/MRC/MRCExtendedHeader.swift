import Files

/// What the extended header of an MRC file says of each page.
///
/// Four kinds are known: FEI1 and FEI2 (8-byte floats at fixed places), SERI (SerialEM, short
/// integers), Agard's (integers then floats, the tilt first) and the old FEI (128 bytes per page, for 1024 pages or
/// more).
struct MRCExtendedHeader {
  private(set) var degrees: [Double]?
  private(set) var exposureDoses: [Double]?
  /// In nm.
  private(set) var pixelSize: Double?
  private(set) var notes: [MRCNote] = []

  init(_ header: MRCHeader, of file: InputFile) throws(StackError) {
    let fields = header.fields
    let length = header.extendedByteCount
    guard length > 0 else { return }
    let pages = header.shape.pageCount
    let kind = header.extendedKind
    // Two short numbers; old FEI files leave them 0.
    let (first, second) = (fields.int16(at: 128), fields.int16(at: 130))
    let extra = HeaderBytes(
      bytes: try FileError.inStack { () throws(FileError) in
        try file.bytes(length, at: MRCHeader.byteCount)
      }, order: fields.order)

    let isRead: Bool
    if kind == "FEI1" || kind == "FEI2" {
      isRead = readNewFEI(extra, pages)
    } else if kind != "AGAR", let seri = SerialEMLayout(bytesPerPage: first, flags: second) {
      isRead = readSerialEM(extra, seri, pages)
    } else if kind == "SERI" {
      isRead = false
    } else if first == 0, second == 0 || second == 32, readOldFEI(extra, pages, second) {
      isRead = true
    } else if first >= 0, second > 0 {
      isRead = readAgard(extra, pages, integers: first, floats: second)
    } else {
      // Symmetry operators, and room that nobody used.
      isRead = kind == "CCP4" || kind == "MRCO" || extra.bytes.allSatisfy { $0 == 0 }
    }
    if !isRead { notes.append(.extendedHeader(kind: kind, byteCount: length)) }
    if let angles = degrees, !angles.contains(where: { $0 != 0 }) { degrees = nil }
    if let doses = exposureDoses, !doses.allSatisfy({ $0.isFinite && $0 > 0 }) {
      exposureDoses = nil
    }
  }

  private mutating func readSerialEM(
    _ extra: HeaderBytes, _ seri: SerialEMLayout, _ pages: Int
  ) -> Bool {
    guard seri.bytesPerPage * pages <= extra.bytes.count else { return false }
    if let offset = seri.tiltOffset {
      degrees = (0..<pages).map { Double(extra.int16(at: $0 * seri.bytesPerPage + offset)) / 100 }
    }
    if let offset = seri.doseOffset {
      exposureDoses = (0..<pages).map { seri.number(extra, at: $0 * seri.bytesPerPage + offset) }
    }
    return true
  }

  /// Blocks of 128 bytes, 1024 or more of them: the tilt first, the size of a pixel in m as twelfth number.
  private mutating func readOldFEI(_ extra: HeaderBytes, _ pages: Int, _ floats: Int) -> Bool {
    let blocks = extra.bytes.count / 128
    guard extra.bytes.count % 128 == 0, blocks >= pages else { return false }
    let size = plausibleSpacing(extra.float(at: 11 * 4) * 1e9)
    guard blocks == 1024 || size != nil || floats == 32 else { return false }
    degrees = (0..<pages).map { shortestDecimal(extra.float(at: $0 * 128)) }
    pixelSize = size
    return true
  }

  private mutating func readAgard(
    _ extra: HeaderBytes, _ pages: Int, integers: Int, floats: Int
  ) -> Bool {
    let stride = (integers + floats) * 4
    guard stride * pages <= extra.bytes.count else { return false }
    degrees = (0..<pages).map { shortestDecimal(extra.float(at: $0 * stride + integers * 4)) }
    return true
  }

  /// Each page begins with its own length; bits of the mask at byte 8 say which fields are set.
  private mutating func readNewFEI(_ extra: HeaderBytes, _ pages: Int) -> Bool {
    let stride = extra.bytes.count >= 4 ? extra.int32(at: 0) : 0
    guard stride >= 172, stride <= extra.bytes.count / pages else { return false }
    let mask = extra.int32(at: 8)
    if mask & 1 << 7 != 0 { degrees = (0..<pages).map { extra.double(at: $0 * stride + 100) } }
    if mask & 1 << 14 != 0 { pixelSize = plausibleSpacing(extra.double(at: 156) * 1e9) }
    if mask & 1 << 6 != 0 {  // electrons/m²
      exposureDoses = (0..<pages).map { extra.double(at: $0 * stride + 92) * 1e-20 }
    }
    return true
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
