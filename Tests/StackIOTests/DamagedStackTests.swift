import Foundation
import StackIO
import Testing

/// SplitMix64.
private struct Dice {
  var state: UInt64

  mutating func roll(_ count: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((z ^ (z >> 31)) % UInt64(count))
  }
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
    var dice = Dice(state: 11)
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

  @Test("a stack that was cut is refused wherever pixels are missing", arguments: names)
  func cut(name: String) throws {
    let scratch = try Scratch()
    let whole = try Data(contentsOf: URL(fileURLWithPath: golden(name)))
    var dice = Dice(state: 12)
    var refused = 0
    for _ in 0..<200 {
      if try !check(whole.prefix(dice.roll(whole.count)), scratch.path("cut")) { refused += 1 }
    }
    #expect(refused >= 190)
  }
}
