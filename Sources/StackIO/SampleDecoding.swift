/// How the samples of one stack become values.
struct SampleDecoder {
  let type: SampleType
  let isForeign: Bool
  let scale: ValueScale?

  /// Converts `count` samples from the start of `stored` into `pixels[start ..< start + count]`.
  func decode(
    _ bytes: RawSpan, count: Int, into pixels: inout MutableSpan<Float>, at start: Int
  ) {
    precondition(bytes.byteCount >= count * type.byteCount)
    precondition(start >= 0 && count >= 0 && start <= pixels.count - count)
    switch type {
    case .int8: integers(Int8.self, bytes, count, &pixels, start)
    case .uint8: integers(UInt8.self, bytes, count, &pixels, start)
    case .int16: integers(Int16.self, bytes, count, &pixels, start)
    case .uint16: integers(UInt16.self, bytes, count, &pixels, start)
    case .int32: integers(Int32.self, bytes, count, &pixels, start)
    case .uint32: integers(UInt32.self, bytes, count, &pixels, start)
    case .float16:
      for i in 0..<count {
        let bits = unsafe bytes.unsafeLoadUnaligned(
          fromUncheckedByteOffset: i * 2, as: UInt16.self)
        unsafe pixels[unchecked: start + i] = Float(
          Float16(bitPattern: isForeign ? bits.byteSwapped : bits))
      }
    case .float32:
      for i in 0..<count {
        let bits = unsafe bytes.unsafeLoadUnaligned(
          fromUncheckedByteOffset: i * 4, as: UInt32.self)
        unsafe pixels[unchecked: start + i] = Float(
          bitPattern: isForeign ? bits.byteSwapped : bits)
      }
    case .float64:
      for i in 0..<count {
        let bits = unsafe bytes.unsafeLoadUnaligned(
          fromUncheckedByteOffset: i * 8, as: UInt64.self)
        let value = Double(bitPattern: isForeign ? bits.byteSwapped : bits)
        unsafe pixels[unchecked: start + i] = Float(value)
      }
    }
    guard let scale else { return }
    for i in start..<start + count {
      pixels[i] = Float(scale.offset + scale.scale * Double(pixels[i]))
    }
  }

  @inline(__always)
  private func integers<Sample: FixedWidthInteger & BitwiseCopyable>(
    _: Sample.Type, _ bytes: RawSpan, _ count: Int, _ pixels: inout MutableSpan<Float>,
    _ start: Int
  ) {
    let size = MemoryLayout<Sample>.size
    for i in 0..<count {
      let sample = unsafe bytes.unsafeLoadUnaligned(
        fromUncheckedByteOffset: i * size, as: Sample.self)
      unsafe pixels[unchecked: start + i] = Float(isForeign ? sample.byteSwapped : sample)
    }
  }
}
