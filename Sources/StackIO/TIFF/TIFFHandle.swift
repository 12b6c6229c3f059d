import CTIFF
import Fields
import Files

/// An open TIFF file of libtiff, closed when it is let go. All calls of libtiff are in this file.
@safe
final class TIFFHandle {
  let path: String
  private let file: OpaquePointer
  private let message: UnsafeMutablePointer<ctiff_message>

  /// - Parameter input: the open file; its length bounds what libtiff may allocate.
  init(_ input: InputFile) throws(StackError) {
    let path = input.path
    let message = UnsafeMutablePointer<ctiff_message>.allocate(capacity: 1)
    unsafe message.initialize(to: ctiff_message())
    let limit = Int64(max(input.byteCount, 1 << 24))
    let descriptor = input.duplicate()
    guard let file = unsafe ctiff_open(descriptor, path, limit, message) else {
      unsafe ctiff_fetch(message)
      let reason = unsafe String(cString: ctiff_text(message))
      unsafe message.deallocate()
      throw .damaged(path: path, page: 1, reason: reason.isEmpty ? "no directory" : reason)
    }
    self.path = path
    unsafe (self.file, self.message) = unsafe (file, message)
  }

  deinit {
    unsafe TIFFClose(file)
    unsafe message.deallocate()
  }

  /// The first complaint of libtiff since the last call that clears it.
  private var complaint: String {
    unsafe ctiff_fetch(message)
    return unsafe String(cString: ctiff_text(message))
  }

  var isBigEndian: Bool { unsafe TIFFIsBigEndian(file) != 0 }
  var isLastDirectory: Bool { unsafe TIFFLastDirectory(file) != 0 }
  var directoryOffset: UInt64 { unsafe TIFFCurrentDirOffset(file) }
  var isTiled: Bool { unsafe TIFFIsTiled(file) != 0 }
  var segmentCount: Int {
    unsafe isTiled ? Int(TIFFNumberOfTiles(file)) : Int(TIFFNumberOfStrips(file))
  }
  func segmentOffset(_ index: Int) -> UInt64 {
    unsafe TIFFGetStrileOffset(file, UInt32(index))
  }
  func segmentByteCount(_ index: Int) -> UInt64 {
    unsafe TIFFGetStrileByteCount(file, UInt32(index))
  }

  /// Where the first strip begins when all strips follow each other without a gap.
  var gaplessOffset: Int? {
    guard !isTiled else { return nil }
    let isGapless = (1..<max(1, segmentCount)).allSatisfy {
      segmentOffset($0) == segmentOffset($0 - 1) &+ segmentByteCount($0 - 1)
    }
    return isGapless ? Int(exactly: segmentOffset(0)) : nil
  }

  /// Goes to the next directory, which is page `page` (from 0).
  func advance(to page: Int) throws(StackError) {
    unsafe ctiff_clear(message)
    guard unsafe TIFFReadDirectory(file) == 1 else { throw damage(page, "no directory") }
  }

  /// Goes to the directory at `offset`, which is page `page` (from 0).
  func jump(to offset: UInt64, page: Int) throws(StackError) {
    guard offset != directoryOffset else { return }
    unsafe ctiff_clear(message)
    guard unsafe TIFFSetSubDirectory(file, offset) == 1 else { throw damage(page, "no directory") }
  }

  func short(_ tag: Int32) -> Int? {
    var value: UInt16 = 0
    return unsafe ctiff_get_u16(file, UInt32(tag), &value) == 1 ? Int(value) : nil
  }

  func long(_ tag: Int32) -> Int? {
    var value: UInt32 = 0
    return unsafe ctiff_get_u32(file, UInt32(tag), &value) == 1 ? Int(value) : nil
  }

  func number(_ tag: Int32) -> Double? {
    var value: Float = 0
    return unsafe ctiff_get_float(file, UInt32(tag), &value) == 1 ? Double(value) : nil
  }

  func text(_ tag: Int32) -> String? {
    unsafe ctiff_get_text(file, UInt32(tag)).map { unsafe String(cString: $0) }
  }

  /// Unpacks strip or tile `index` of page `page` into the first `count` bytes of `buffer`.
  func readSegment(
    _ index: Int, page: Int, count: Int, into buffer: inout FloatStorage
  ) throws(StackError) {
    precondition(count <= buffer.count * 4)
    unsafe ctiff_clear(message)
    let tiled = isTiled
    var values = buffer.mutableSpan
    let got = unsafe values.withUnsafeMutableBytes { bytes in
      unsafe tiled
        ? TIFFReadEncodedTile(file, UInt32(index), bytes.baseAddress, tmsize_t(count))
        : TIFFReadEncodedStrip(file, UInt32(index), bytes.baseAddress, tmsize_t(count))
    }
    guard got == count else {
      throw damage(page, "\(tiled ? "tile" : "strip") \(index + 1) cannot be unpacked")
    }
  }

  private func damage(_ page: Int, _ what: String) -> StackError {
    let complaint = complaint
    return .damaged(
      path: path, page: page + 1, reason: complaint.isEmpty ? what : "\(what) (\(complaint))")
  }
}
