import Fields
import Foundation
import Preparation
import Testing

/// Pages that stand in the order in which they were taken, while their angles are sorted.
@Suite struct SchemeCheckTests {
  /// Places in the order of angles, as they were taken; written down by hand from the definition of each scheme.
  static func taken(_ scheme: String, _ count: Int) -> [Int] {
    let middle = count / 2
    let (up, down) = (Array(middle + 1..<count), Array((0..<middle).reversed()))
    guard let group = Int(scheme.suffix(1)) else { return [middle] + up + down }
    var order = [middle]
    for start in stride(from: 0, to: max(up.count, down.count), by: group) {
      order += up.dropFirst(start).prefix(group)
      order += down.dropFirst(start).prefix(group)
    }
    return order
  }

  static let schemes = [
    "dose-symmetric 1", "dose-symmetric 2", "dose-symmetric 3", "bidirectional",
  ]

  static func words(_ scheme: String) -> String {
    switch scheme {
    case "dose-symmetric 1": "dose-symmetric, one tilt on either side in turn"
    case "bidirectional": "bidirectional"
    default: "dose-symmetric, \(scheme.suffix(1)) tilts on either side in turn"
    }
  }

  /// A slab that fills the field, with balls inside and outside of it, with noise and drifting gains: pages of 64 × 48.
  static func slab(_ tilts: [Double], seed: UInt64) -> [Image] {
    var state = seed
    func random(_ range: ClosedRange<Double>) -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return range.lowerBound
        + (range.upperBound - range.lowerBound) * Double(state >> 11) / Double(1 << 53)
    }
    let balls = (0..<40).map { _ in
      (
        x: random(-90...90), y: random(-24...24), z: random(-10...10), r: random(2...4.5)
      )
    }
    return tilts.map { degrees in
      let (c, s) = (cos(degrees * .pi / 180), sin(degrees * .pi / 180))
      let gain = 1 + random(-0.03...0.03)
      var pixels: [Float] = []
      for row in 0..<48 {
        for column in 0..<64 {
          let (v, u) = (Double(row) - 23.5, Double(column) - 31.5)
          let sum = balls.reduce(8 / c) { sum, ball in
            let (dy, du) = (v - ball.y, u - ball.x * c - ball.z * s)
            return sum + 2 * max(0, ball.r * ball.r - dy * dy - du * du).squareRoot()
          }
          pixels.append(Float(gain * sum + random(-0.5...0.5)))
        }
      }
      return Image(pixels, columnCount: 64)
    }
  }

  @Test(
    "The scheme is named, whatever the specimen",
    arguments: ["particles", "core-shell", "chiral", "polyhedra", "two-level", "slab"], schemes)
  func named(specimen: String, scheme: String) throws {
    // The core-shell particle is 40 nm wide.
    var scene = try Scene(
      specimen == "slab" ? "particles" : specimen, voxelSize: specimen == "core-shell" ? 1 : 0.5)
    if specimen == "slab" { scene.pages = Self.slab(scene.tilts, seed: 3) }
    scene.pages = Self.taken(scheme, scene.tilts.count).map { scene.pages[$0] }
    let found = scene.complaints(.pageOrder)
    #expect(found.count == 1 && found.first?.verdict == .fault)
    #expect(found.first?.words.contains(Self.words(scheme)) == true, "\(found.map(\.words))")
    #expect(found.first?.cure?.contains("Pass the angles in the order of the pages: 0, ") == true)
  }

  @Test(
    "Angles in the order of acquisition beside sorted pages are found out",
    arguments: ["particles", "slab"])
  func sortedPages(specimen: String) throws {
    var scene = try Scene("particles")
    if specimen == "slab" { scene.pages = Self.slab(scene.tilts, seed: 3) }
    let right = scene.tilts
    scene.tilts = Self.taken("dose-symmetric 2", right.count).map { right[$0] }
    let found = scene.complaints(.pageOrder)
    #expect(
      found.first?.verdict == .fault
        && found.first?.words.contains("from one end to the other") == true)
  }

  @Test("Right series raise no alarm, in whatever order they were taken, with a spoilt page or two")
  func right() throws {
    for seed in UInt64(1)...12 {
      var scene = try Scene(["particles", "core-shell", "chiral"][Int(seed) % 3], seed: seed)
      if seed % 4 == 0 { scene.pages = Self.slab(scene.tilts, seed: seed) }
      if seed % 3 == 0 {
        let order = Self.taken(Self.schemes[Int(seed / 3) % 4], scene.tilts.count)
        (scene.pages, scene.tilts) = (order.map { scene.pages[$0] }, order.map { scene.tilts[$0] })
      }
      if seed % 2 == 0 {
        // A page that resembles no other.
        let page = scene.pages[Int(seed)]
        let scattered = (0..<page.pixels.count).map { page.pixels[$0 * 7919 % page.pixels.count] }
        scene.pages[Int(seed)] = Image(scattered, columnCount: page.columnCount)
      }
      #expect(
        !scene.complaints(.pageOrder).contains { $0.verdict == .fault },
        "seed \(seed): \(scene.complaints(.pageOrder).map(\.words))")
    }
  }
}
