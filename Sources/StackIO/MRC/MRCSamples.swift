/// What the samples of an MRC file are: its mode, IMOD's flags, and the header's own smallest and largest value.
///
/// Bytes were unsigned in old files and in IMOD's own, and are signed since MRC2014; 16-bit counts above 32767 are
/// found in files of mode 1. Where the header's range fits one reading only, that one is taken and told.
struct MRCSamples {
  static let modes = [0, 1, 2, 3, 4, 6, 12, 16, 101]

  let type: SampleType
  /// IMOD stores bytes less 128 where its flags say that they are signed.
  let scale: ValueScale?
  let notes: [MRCNote]

  init(_ fields: HeaderBytes, path: String) throws(StackError) {
    let mode = fields.int32(at: 12)
    let isIMOD = fields.int32(at: 152) == 1_146_047_817
    let flags = isIMOD ? fields.int32(at: 156) : 1
    func refuse(_ feature: String) -> StackError {
      .unsupported(path: path, page: 1, feature: "MRC mode \(mode) (\(feature))")
    }
    let told: SampleType
    switch mode {
    case 0:
      guard !isIMOD || flags & 16 == 0 else { throw refuse("two 4-bit samples per byte") }
      told = flags & 1 == 0 ? .uint8 : .int8
    case 1: told = .int16
    case 2: told = .float32
    case 3, 4: throw refuse("complex samples of a Fourier transform")
    case 6: told = .uint16
    case 12: told = .float16
    case 16: throw refuse("colour")
    case 101: throw refuse("4-bit samples")
    default: throw .unsupported(path: path, page: 1, feature: "MRC mode \(mode)")
    }
    let (low, high) = (fields.float(at: 76), fields.float(at: 80))
    type = Self.type(told, low: low, high: high)
    let isShifted = isIMOD && type == .int8 && told == .int8
    scale = isShifted ? ValueScale(scale: 1, offset: 128) : nil
    if type != told {
      notes = [
        [.uint8, .uint16].contains(type)
          ? .unsigned(mode: mode, low: low, high: high)
          : .signed(mode: mode, low: low, high: high)
      ]
    } else {
      notes = isShifted ? [.imodBytes] : []
    }
  }

  /// The type of the same size whose range holds that of the header, where only the other sign's does.
  private static func type(_ told: SampleType, low: Double, high: Double) -> SampleType {
    guard low.isFinite, high.isFinite, low < high, let other = told.otherSign,
      let limits = told.integers, let others = other.integers,
      !(limits.contains(low) && limits.contains(high)), others.contains(low), others.contains(high)
    else { return told }
    return other
  }
}

extension SampleType {
  /// The integer type of the same size and the other sign.
  fileprivate var otherSign: SampleType? {
    switch self {
    case .int8: .uint8
    case .uint8: .int8
    case .int16: .uint16
    case .uint16: .int16
    default: nil
    }
  }

  fileprivate var integers: ClosedRange<Double>? {
    switch self {
    case .int8: -128...127
    case .uint8: 0...255
    case .int16: -32768...32767
    case .uint16: 0...65535
    default: nil
    }
  }
}
