import Errors
import Files
import Foundation
import StackIO
import Testing
import Statistics

extension SplitMix64 {
  fileprivate mutating func roll(_ count: Int) -> Int { Int(next() % UInt64(count)) }
}

@Suite("Damaged stacks")
struct DamagedStackTests {
  static let names = [
    "float32-little.tif", "strips-lzw.tif", "strips-deflate.tif", "strips-packbits.tif",
    "tiles-none-big.tif", "tiles-deflate.tif", "bigtiff.tif", "imagej-one-directory.tif",
    "int16-big.mrc", "fei1.mrc", "seri-little.st",
  ]

  /// Reads all of the file; pages must not claim more than the file can hold.
  private func check(_ bytes: Data, _ path: String) throws -> Bool {
    try bytes.write(to: URL(fileURLWithPath: path))
    do {
      let reader = try StackReader(path: path)
      let shape = reader.info.shape
      let ratio = reader.info.compression == .none ? 1 : 2000
      #expect(shape.pixelsPerPage <= bytes.count * ratio)
      _ = try allPages(path)
      return true
    } catch let error as StackError {
      #expect(error.description.contains(path) && error.category != .cannotCreate)
      return false
    }
  }

  @Test("a stack with altered bytes is read or refused, never more", arguments: names)
  func altered(name: String) throws {
    let scratch = try Scratch()
    let whole = try Data(contentsOf: URL(fileURLWithPath: golden(name)))
    var dice = SplitMix64(seed: 11)
    var refused = 0
    for trial in 0..<200 {
      var bytes = whole
      // Every other trial hits the header, where the claims are.
      let place = trial % 2 == 0 ? dice.roll(min(whole.count, 400)) : dice.roll(whole.count)
      for i in place..<min(place + 1 + dice.roll(4), whole.count) {
        bytes[i] = UInt8([0, 0xFF, 0x7F, dice.roll(256)][dice.roll(4)])
      }
      if try !check(bytes, scratch.path("altered")) { refused += 1 }
    }
    #expect(refused > 0 && refused < 200)
  }

  /// Puts a 4-byte `value` into tag `tag` of the first directory of a little-endian TIFF.
  private func lie(_ name: String, tag: UInt16, value: UInt32, _ path: String) throws {
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: golden(name))))
    func number(_ at: Int, _ count: Int) -> Int {
      (0..<count).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) }
    }
    let directory = number(4, 4)
    for entry in 0..<number(directory, 2) where number(directory + 2 + 12 * entry, 2) == tag {
      for i in 0..<4 {
        bytes[directory + 10 + 12 * entry + i] = UInt8(truncatingIfNeeded: value >> (8 * i))
      }
    }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  @Test("a page that claims more pixels than its bytes can hold is refused before it is read")
  func lies() throws {
    let scratch = try Scratch()
    let lying = scratch.path("lying.tif")
    let (width, height) = (UInt16(256), UInt16(257))
    for (tag, value) in [(width, UInt32(60_000)), (width, 1 << 31), (height, 1 << 30)] {
      for name in ["strips-deflate.tif", "strips-lzw.tif", "tiles-deflate.tif"] {
        try lie(name, tag: tag, value: value, lying)
        switch failure({ _ = try StackReader(path: lying) }) {
        case .impossibleSize(lying, 1, let claims, let holds)?: #expect(claims > holds)
        case .damaged(lying, 1, _)?: #expect(tag == height || name.hasPrefix("tiles"))
        case let other: Issue.record("\(name), \(tag) = \(value): \(String(describing: other))")
        }
      }
    }
    try lie("strips-none.tif", tag: height, value: 1 << 20, lying)
    guard case .truncated(lying, 1, _, _)? = failure({ _ = try StackReader(path: lying) }) else {
      Issue.record("a tall page was not refused")
      return
    }
  }

  @Test("a stack that was cut is refused wherever pixels are missing", arguments: names)
  func cut(name: String) throws {
    let scratch = try Scratch()
    let whole = try Data(contentsOf: URL(fileURLWithPath: golden(name)))
    var dice = SplitMix64(seed: 12)
    var refused = 0
    for _ in 0..<200 {
      if try !check(whole.prefix(dice.roll(whole.count)), scratch.path("cut")) { refused += 1 }
    }
    #expect(refused >= 190)
  }
}
