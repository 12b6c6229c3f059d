import Fields
import Foundation
import Preparation
import Reconstruction
import TestSupport
import Testing

/// Slabs that fill the field: `Golden/make_slab.py` knows their exposures and levels.
@Suite struct SlabTests {
  private let tilts = Array(stride(from: -60.0, through: 60, by: 5))

  private func pages() throws -> [Image] {
    let all = try goldenFloats("slab.f32", in: .module)
    return (0..<25).map { Image(Array(all[$0 * 960..<($0 + 1) * 960]), columnCount: 40) }
  }

  private func golden(_ name: String) throws -> [Double] {
    try goldenFloats(name, in: .module).map { Double($0) }
  }

  private func check(_ pages: [Image]) -> SeriesCheck {
    SeriesCheck(
      pages.map { PageSurvey($0) }, SeriesContext(tilts: tilts, axis: .y),
      pixelCount: pages[0].pixels.count, workers: .all)
  }

  /// The largest error of factors, which may all be wrong by the same one.
  private func error(_ factors: [Double], _ exposures: [Double]) -> Double {
    let products = zip(factors, exposures).map { $0 * $1 }
    let middle = products.sorted()[products.count / 2]
    return products.map { abs($0 / middle - 1) }.max() ?? 0
  }

  @Test("Exposures of a slab are found, whatever comes into view; totals are fooled by it")
  func exposures() throws {
    let held = HeldPages(try pages(), tilts: tilts)
    let exposures = try golden("exposures.f32")
    let slab = try Normalisation(.slab, pages: held)
    #expect(error(slab.factors, exposures) < 0.06)
    #expect(try error(Normalisation(.total, pages: held).factors, exposures) > 0.4)
    #expect(slab.settings == ["kind": .text("slab")])
  }

  @Test("The level of a slab is taken off page by page, and is the beam in bright field")
  func levels() throws {
    let held = HeldPages(try pages(), tilts: tilts)
    let (background, levels) = (
      try Background(.slab, pages: held), try golden("levels.f32")
    )
    for page in levels.indices {
      let found = try #require(background.apply(to: held.pages[page], index: page).account.level)
      #expect(abs(found / levels[page] - 1) < 0.02, "\(page): \(found) for \(levels[page])")
    }
    let beam = try BeerLambert(.slab, pages: held).beam
    #expect(zip(beam, levels).allSatisfy { abs($0 / $1 - 1) < 0.02 })
  }

  @Test("A series without vacuum is named, with its cure; so is the page of another exposure")
  func nowhere() throws {
    let check = check(try pages())
    #expect(check.vacuum == .nowhere && check.contrast == .darkField)
    let found = check.findings.filter { $0.verdict > .note && $0.kind != .noise }
    #expect(Set(found.map(\.kind)).isSuperset(of: [.exposure, .field, .vacuum]))
    let words = try #require(found.first { $0.kind == .vacuum })
    #expect(words.words.contains("no vacuum") && words.cure?.contains("--background slab") == true)
    let exposure = try #require(found.first { $0.kind == .exposure })
    #expect(exposure.pages == [8] && exposure.cure?.contains("--normalise slab") == true)
  }

  @Test("Bright field has no vacuum either where a slab fills the field")
  func brightField() throws {
    let pages = try pages().enumerated().map { i, page in
      let exposure = try golden("exposures.f32")[i]
      return Image(
        page.pixels.map { 1000 * Float(exp(-Double($0) / exposure / 20)) }, columnCount: 40)
    }
    let check = check(pages)
    #expect(check.vacuum == .nowhere && check.contrast == .brightField)
    let finding = try #require(check.findings.first { $0.kind == .vacuum })
    #expect(finding.cure?.contains("--beer-lambert slab") == true)
  }

  @Test("Vacuum that only a hole in the slab shows is taken from there, with a camera's offset")
  func hole() throws {
    var pages = try pages()
    for page in pages.indices {
      for i in pages[page].pixels.indices {
        let isHole = i / 40 < 8 && i % 40 < 12
        pages[page].pixels[i] = isHole ? 50 + 0.1 * Float(i % 3) : pages[page].pixels[i] + 50
      }
    }
    guard case .inside(let level) = check(pages).vacuum else {
      return #expect(Bool(false), "\(check(pages).vacuum)")
    }
    #expect(abs(level - 50.1) < 0.3)
  }

  @Test("An object that is isolated stands in vacuum and reaches no edge, whatever its noise")
  func isolated() throws {
    for seed: UInt64 in [1, 2, 3] {
      let check = try Scene(seed: seed).check()
      #expect(check.vacuum == .margins)
      #expect(check.findings.allSatisfy { $0.kind != .field || $0.verdict == .passed })
    }
  }

  @Test("A page whose margins jump is named with both levels")
  func jump() throws {
    var scene = try Scene()
    for i in scene.pages[9].pixels.indices { scene.pages[9].pixels[i] += 40 }
    let finding = try #require(scene.complaints(.vacuum).first)
    #expect(finding.pages == [10] && finding.words.contains("on page 10, where neighbours have"))
  }

  @Test("Reconstructions measure the same reach as a check")
  func reach() throws {
    let (slab, scene) = (try pages(), try Scene())
    let filled = FieldReach(degrees: tilts) { PageEdges(slab[$0], level: $1) }
    #expect(filled.verdict == .fills && filled.isCut)
    let inside = FieldReach(degrees: scene.tilts) { PageEdges(scene.pages[$0], level: $1) }
    #expect(inside.verdict == .inside && inside.words([]) == nil)
    // The left half of every page is lost, and a particle cut.
    let cut = FieldReach(degrees: scene.tilts) { page, level in
      let rows = scene.pages[page]
      return PageEdges(
        Image(
          (0..<rows.rowCount).flatMap { row in (32..<64).map { rows[row, $0] } }, columnCount: 32),
        level: level)
    }
    #expect(cut.verdict == .beyond && cut.most > 0.5)
  }
}
