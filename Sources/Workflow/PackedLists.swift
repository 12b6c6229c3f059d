import Foundation

/// Lists of doubles, bit by bit and in little room, for JSON.
struct PackedLists: Codable {
  private let lengths: [Int]
  /// Little-endian.
  private let bytes: Data

  init(_ lists: [[Double]]) {
    lengths = lists.map(\.count)
    var bytes = Data(capacity: 8 * lengths.reduce(0, +))
    for value in lists.joined() {
      for byte in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> (8 * byte))) }
    }
    self.bytes = bytes
  }

  init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    lengths = try keys.decode([Int].self, forKey: .lengths)
    bytes = try keys.decode(Data.self, forKey: .bytes)
    // No length may pass what is left, so that no sum of them can overflow.
    let left = lengths.reduce(Optional(bytes.count / 8)) { left, length in
      left.flatMap { 0...$0 ~= length ? $0 - length : nil }
    }
    guard left == 0, bytes.count.isMultiple(of: 8) else {
      throw DecodingError.dataCorruptedError(
        forKey: .bytes, in: keys, debugDescription: "lists and lengths differ")
    }
  }

  var lists: [[Double]] {
    var position = bytes.startIndex
    return lengths.map { length in
      (0..<length).map { _ in
        var bits: UInt64 = 0
        for byte in 0..<8 { bits |= UInt64(bytes[position + byte]) << (8 * byte) }
        position += 8
        return Double(bitPattern: bits)
      }
    }
  }
}
