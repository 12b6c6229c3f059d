import AlgebraicReconstruction
import Fields
import Reconstruction
import Testing

import Alignment

@Suite struct SeriesAlignerTests {
  private func aligner() throws -> SeriesAligner {
    SeriesAligner(
      try OSSART(iterations: 8, constraint: try VoxelConstraint(isNonNegative: true)))
  }

  @Test("Shifts, a turned and an offset axis are found")
  func scattered() throws {
    let scene = try Scene(turn: 3, offset: 2, largest: 4)
    let found = try aligner().align(scene.pages, tilts: scene.tilts)
    let left = scene.residual(found.placements)
    #expect(left.across < 0.25 && left.along < 0.15)
    #expect(abs(left.turn) < 0.5 && abs(left.offset) < 0.3)
    #expect(abs(found.axisRotation - 3) < 0.5)
    #expect(found.isUsed.allSatisfy { $0 } && found.warnings.isEmpty)
    let errors = found.rounds.map(\.heldOutError)
    #expect(try #require(errors.last) < 0.2 * (found.coarse["as taken"] ?? 0))
  }

  @Test("The same bytes with one thread as with two")
  func threads() throws {
    let scene = try Scene(turn: 1, largest: 2)
    var aligner = try aligner()
    aligner.settings.rounds = 1
    aligner.workers = Workers(1)
    let one = try aligner.align(scene.pages, tilts: scene.tilts)
    aligner.workers = Workers(2)
    #expect(try aligner.align(scene.pages, tilts: scene.tilts).placements == one.placements)
  }

  @Test("A page of another object guides no other, and is named unused")
  func stranger() throws {
    let scene = try Scene(largest: 2)
    var pages = scene.pages
    var mirror = pages[10]
    for i in mirror.pixels.indices { mirror.pixels[i] = Float((i * 7919) % 101) / 100 }
    pages[10] = mirror
    var aligner = try aligner()
    (aligner.settings.axisRange, aligner.settings.offsetRange) = (0, 0)
    let found = try aligner.align(pages, tilts: scene.tilts)
    #expect(found.isUsed.indices.filter { !found.isUsed[$0] } == [10])
  }

  @Test("An axis beyond the searched range is warned of")
  func edge() throws {
    let scene = try Scene(turn: 6)
    var aligner = try aligner()
    (aligner.settings.axisRange, aligner.settings.rounds) = (2, 0)
    let found = try aligner.align(scene.pages, tilts: scene.tilts)
    #expect(found.warnings.contains { $0.contains("--axis-range") })
  }

  @Test("Few tilts, small pages, empty pages and impossible settings are refused")
  func refusals() throws {
    let scene = try Scene()
    let aligner = try aligner()
    #expect(throws: AlignmentError.fewTilts(4)) {
      try aligner.align(Array(scene.pages.prefix(4)), tilts: Array(scene.tilts.prefix(4)))
    }
    let small = scene.pages.map { $0.binned(by: 3) }
    #expect(throws: AlignmentError.smallPages(rows: 18, columns: 21)) {
      try aligner.align(small, tilts: scene.tilts)
    }
    let empty = scene.pages.map { Image($0.pixels.map { _ in 2 }, columnCount: 64) }
    #expect(throws: AlignmentError.nothingSeen) {
      try aligner.align(empty, tilts: scene.tilts)
    }
    var wrong = aligner
    wrong.settings.rounds = -1
    #expect(throws: AlignmentError.rounds(-1)) {
      try wrong.align(scene.pages, tilts: scene.tilts)
    }
  }
}
