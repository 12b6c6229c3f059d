import Fields
import Foundation
import Preparation
import TestSupport
import Testing

/// The raw needle, where it lies in `shared/data/needle` above the package.
private let needle: URL? = {
  var folder = packageFolder
  for _ in 0..<4 {
    let place = folder.appending(path: "shared/data/needle/needle.mrc")
    if FileManager.default.fileExists(atPath: place.path) { return place }
    folder = folder.deletingLastPathComponent()
  }
  return nil
}()

@Suite(.enabled(if: needle != nil, "shared/data/needle/needle.mrc is not there"))
struct NeedleTests {
  /// Every `step`-th page and angle of 77 pages of 256 × 256 16-bit integers, the bottom row first.
  private func scene(every step: Int = 2) throws -> Scene {
    let data = try Data(contentsOf: #require(needle))
    let extended = (0..<4).reduce(0) { $0 | Int(data[92 + $1]) << (8 * $1) }
    var scene = try Scene()
    scene.axis = .x
    scene.tilts = stride(from: -76.0, through: 76, by: 2 * Double(step)).map { $0 }
    scene.pages = stride(from: 0, to: 77, by: step).map { page in
      let start = 1024 + extended + page * 131_072
      let pixels = (0..<65_536).map { i -> Float in
        let place = start + 2 * ((255 - i / 256) * 256 + i % 256)
        return Float(Int16(bitPattern: UInt16(data[place]) | UInt16(data[place + 1]) << 8))
      }
      return Image(pixels, columnCount: 256)
    }
    return scene
  }

  @Test(
    "The raw needle has nothing worse than its misalignment, and its axis runs along x",
    arguments: 1...4)
  func raw(step: Int) throws {
    var scene = try scene(every: step)
    let check = scene.check()
    #expect(check.findings.filter { $0.verdict > .note }.map(\.kind) == [.alignment])
    scene.axis = .y
    #expect(scene.complaints(.tiltAxis).first?.verdict == .fault)
  }

  @Test("Of one spike in a thousand more than 99 % go, and fewer than 0.05 % of the rest")
  func spikes() throws {
    let clean = try scene().pages[19]
    var page = clean
    var state: UInt64 = 11
    var spots: Set<Int> = []
    for i in page.pixels.indices {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      guard state >> 33 < (1 << 31) / 1000 else { continue }
      spots.insert(i)
      page.pixels[i] = 10 * 64_000
    }
    let found = Set(SpikeSearch().spikes(in: page).map(\.index))
    #expect(spots.count > 40)
    #expect(Double(found.intersection(spots).count) > 0.99 * Double(spots.count))
    #expect(Double(found.subtracting(spots).count) < 5e-4 * 65_536)
  }
}
