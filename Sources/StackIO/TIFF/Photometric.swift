import CTIFF

/// What a sample of 0 means, and what kind of picture it belongs to (tag PhotometricInterpretation).
enum Photometric {
  /// The words for a kind that is not read; `nil` for grey levels.
  static func refusal(_ value: Int) -> String? {
    switch Int32(value) {
    case PHOTOMETRIC_MINISWHITE, PHOTOMETRIC_MINISBLACK, 34892: nil  // 34892: linear raw
    case PHOTOMETRIC_RGB: "colour (RGB)"
    case PHOTOMETRIC_PALETTE: "a colour palette"
    case PHOTOMETRIC_MASK: "a transparency mask"
    case PHOTOMETRIC_SEPARATED: "colour (CMYK)"
    case PHOTOMETRIC_YCBCR: "colour (YCbCr)"
    case PHOTOMETRIC_CIELAB, PHOTOMETRIC_ICCLAB, PHOTOMETRIC_ITULAB: "colour (CIELAB)"
    case PHOTOMETRIC_CFA: "a colour filter mosaic (CFA)"
    case PHOTOMETRIC_LOGL, PHOTOMETRIC_LOGLUV: "logarithmic luminance"
    default: "photometric interpretation \(value)"
    }
  }
}

extension StackCompression {
  /// The packing with a number of the tag Compression; `nil` for one that is not read.
  init?(tag: Int) {
    switch Int32(tag) {
    case COMPRESSION_NONE: self = .none
    case COMPRESSION_LZW: self = .lzw
    case COMPRESSION_ADOBE_DEFLATE, COMPRESSION_DEFLATE: self = .deflate
    case COMPRESSION_PACKBITS: self = .packBits
    default: return nil
    }
  }

  /// What others call a packing that is not read.
  static func name(tag: Int) -> String {
    let names = [
      2: "CCITT Huffman", 3: "CCITT Group 3", 4: "CCITT Group 4", 6: "old JPEG", 7: "JPEG",
      9: "JBIG", 10: "JBIG", 32766: "NeXT", 32809: "ThunderScan", 33003: "JPEG 2000",
      33005: "JPEG 2000", 34661: "JBIG", 34676: "SGI log", 34677: "SGI log", 34712: "JPEG 2000",
      34887: "LERC", 34892: "lossy JPEG", 34925: "LZMA", 34926: "ZSTD", 34927: "WebP", 34933: "PNG",
      34934: "JPEG XR", 48124: "Jetraw", 50000: "ZSTD", 50001: "WebP", 50002: "JPEG XL",
      52546: "JPEG XL", 65000: "EER", 65001: "EER", 65002: "EER",
    ]
    return names[tag].map { "\($0) compression (\(tag))" } ?? "compression \(tag)"
  }
}
