/// Numbers of either byte order in the bytes of a header.
struct HeaderBytes {
  let bytes: [UInt8]
  let order: ByteOrder

  func unsigned(at offset: Int, count: Int) -> UInt64 {
    var value: UInt64 = 0
    for i in 0..<count {
      let byte = bytes[offset + (order == .bigEndian ? i : count - 1 - i)]
      value = value << 8 | UInt64(byte)
    }
    return value
  }

  func int16(at offset: Int) -> Int {
    Int(Int16(truncatingIfNeeded: unsigned(at: offset, count: 2)))
  }
  func int32(at offset: Int) -> Int {
    Int(Int32(truncatingIfNeeded: unsigned(at: offset, count: 4)))
  }
  func float(at offset: Int) -> Double {
    Double(Float(bitPattern: UInt32(truncatingIfNeeded: unsigned(at: offset, count: 4))))
  }
  func double(at offset: Int) -> Double { Double(bitPattern: unsigned(at: offset, count: 8)) }

  /// The ASCII text of a field, without trailing blanks and zeros; none behind the end.
  func text(at offset: Int, count: Int) -> String {
    guard offset < bytes.count else { return "" }
    var field = bytes[offset..<min(offset + count, bytes.count)].prefix { $0 != 0 }
    while field.last == 0x20 { field.removeLast() }
    return String(decoding: field, as: UTF8.self)
  }
}
