import Fields
import Foundation
import Preparation
import Testing

@Suite struct SeriesCheckTests {
  @Test(
    "A sane series gets no complaint",
    arguments: ["particles", "polyhedra", "core-shell", "sphere"])
  func sane(_ name: String) throws {
    let check = try Scene(name).check()
    #expect(check.worst <= .note, "\(check.findings.filter { $0.verdict > .note })")
    #expect(check.contrast == .darkField)
  }

  @Test(
    "The other tilt axis is a fault that names the cure, by common lines and not by cosine stretch")
  func axis() throws {
    var scene = try Scene()
    scene.axis = .x
    let finding = try #require(scene.complaints(.tiltAxis).first)
    #expect(finding.verdict == .fault && finding.cure == "Pass --tilt-axis y.")
    let scores = try #require(scene.check().axisScores)
    #expect(scores.ratio > 10 && scores.agreement == 1)
    // A rotation by 90° exchanges the scores.
    scene.pages = scene.pages.map { page in
      Image(
        (0..<page.columnCount).flatMap { column in
          (0..<page.rowCount).map { page[page.rowCount - 1 - $0, column] }
        }, columnCount: page.rowCount)
    }
    #expect(scene.complaints(.tiltAxis).isEmpty)
  }

  @Test("Two swapped pages are named, near or far apart", arguments: [(11, 12), (4, 20)])
  func swapped(_ pair: (Int, Int)) throws {
    var scene = try Scene()
    scene.pages.swapAt(pair.0, pair.1)
    #expect(scene.complaints(.pageOrder).map(\.pages) == [[pair.0 + 1, pair.1 + 1]])
  }

  @Test("A blank page is a fault and disturbs no other check")
  func blank() throws {
    var scene = try Scene()
    let noise = try Scene("sphere", seed: 3).pages[0]
    // The margin of a sphere is vacuum with noise.
    scene.pages[9].pixels = (0..<noise.pixels.count).map {
      noise.pixels[$0 % 64 % 6 + $0 / 64 * 64]
    }
    let check = scene.check()
    #expect(check.findings.filter { $0.verdict > .note }.map(\.kind) == [.blank])
    #expect(check.findings.first?.pages == [10])
  }

  @Test("A copy of a page is a fault")
  func duplicate() throws {
    var scene = try Scene()
    scene.pages[6] = scene.pages[7]
    #expect(scene.complaints(.duplicate).map(\.pages) == [[7, 8]])
  }

  @Test("A blurred and a dimmed page are warnings, each on its page")
  func blurredAndDim() throws {
    var scene = try Scene("sphere")
    let sharp = scene.pages[12]
    for row in 0..<32 {
      for column in 0..<64 {
        var sum: Float = 0
        for i in -4...4 {
          for j in -4...4 { sum += sharp[min(31, max(0, row + i)), min(63, max(0, column + j))] }
        }
        scene.pages[12][row, column] = sum / 81
      }
    }
    scene.pages[20].pixels = scene.pages[20].pixels.map { $0 * 0.6 }
    let found = scene.check().findings
    let sharpness = found.filter { $0.kind == .sharpness }
    #expect(sharpness.map(\.pages) == [[13]], "\(sharpness)")
    #expect(found.filter { $0.kind == .exposure }.map(\.pages) == [[21]])
  }

  @Test("A fading series is a warning of its drift")
  func drift() throws {
    var scene = try Scene()
    for page in scene.pages.indices {
      let factor = 1 - 0.4 * Float(page) / 28
      scene.pages[page].pixels = scene.pages[page].pixels.map { $0 * factor }
    }
    let score = try #require(scene.complaints(.drift).first?.score)
    #expect(abs(score - 0.5) < 0.06)
  }

  @Test("Values that are not finite, clipped tops and dead columns are named")
  func pixels() throws {
    var scene = try Scene()
    scene.pages[3].pixels[100] = .nan
    #expect(scene.complaints(.values).map(\.pages) == [[4]])
    scene = try Scene()
    for page in scene.pages.indices { for row in 0..<32 { scene.pages[page][row, 40] = 999 } }
    let words = scene.complaints(.deadLines).map(\.words)
    #expect(words == ["Dead on most pages: column 41."])
    scene = try Scene()
    let top = scene.pages[5].pixels.sorted()[1900]
    scene.pages[5].pixels = scene.pages[5].pixels.map { min($0, top) }
    #expect(scene.complaints(.saturation).map(\.pages) == [[6]])
  }

  @Test("Shifted pages are a warning that gives their size along and across the axis")
  func shifted() throws {
    var scene = try Scene()
    for page in stride(from: 0, to: 29, by: 2) {
      let old = scene.pages[page]
      for row in 0..<32 {
        for column in 0..<64 { scene.pages[page][row, column] = old[row, max(0, column - 4)] }
      }
    }
    let check = scene.check()
    let finding = try #require(check.findings.first { $0.kind == .alignment })
    #expect(finding.verdict == .warning)
    let across = check.offsets.map { abs($0.across) }
    #expect(across.allSatisfy { abs($0 - 2) < 0.8 }, "\(across)")
    #expect(check.offsets.allSatisfy { abs($0.along) < 0.5 })
  }

  @Test("Bright field is told from dark field")
  func contrast() throws {
    var scene = try Scene()
    scene.pages = scene.pages.map { page in
      Image(page.pixels.map { 1000 * exp(-$0 / 40) }, columnCount: page.columnCount)
    }
    #expect(scene.check().contrast == .brightField)
    #expect(scene.complaints(.contrast).count == 1)
  }

  @Test("The gain of counting noise is found within a tenth")
  func gain() throws {
    var scene = try Scene()
    var state: UInt64 = 5
    func normal() -> Double {
      (0..<12).reduce(-6) { sum, _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return sum + Double(state >> 40) / Double(1 << 24)
      }
    }
    // Smooth pages of 100 to 1000 units, 3 units an electron.
    scene.pages = scene.pages.map { page in
      Image(
        page.pixels.indices.map { i in
          let mean = 100 + 900 * sin(Double(i % 64) / 63 * .pi)
          return Float(mean + normal() * (3 * mean).squareRoot())
        }, columnCount: 64)
    }
    let noise = try #require(scene.check().noise)
    #expect(noise.isCounting && abs(noise.gain - 3) < 0.3, "\(noise)")
  }
}
