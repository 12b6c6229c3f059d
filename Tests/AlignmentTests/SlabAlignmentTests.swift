import AlgebraicReconstruction
import Fields
import Testing

import Alignment
import Statistics

/// Slabs that fill the field: nothing is turned that lies right, and what is turned is found.
@Suite struct SlabAlignmentTests {
  private func aligned(_ scene: SlabScene, _ pages: [Image]? = nil) throws -> SeriesAlignment {
    try SeriesAligner { tilts in
      try OSSART(
        iterations: 8, subsets: min(8, tilts), constraint: try VoxelConstraint(isNonNegative: true))
    }.align(pages ?? scene.pages, tilts: scene.tilts)
  }

  @Test("A series that lies right stays where it is", arguments: [1, 2, 3] as [UInt64])
  func still(seed: UInt64) throws {
    let scene = SlabScene(seed: seed)
    let found = try aligned(scene)
    let left = scene.residual(found.placements)
    #expect(left.along < 0.3 && left.across < 0.8 && abs(left.turn) < 0.3)
    #expect(found.turn?.verdict == .agrees || found.turn?.verdict == .undetermined)
    #expect(found.heldOut?.verdict == .good)
    #expect(!found.warnings.contains { $0.contains("Widen") })
  }

  @Test("A turn is found, or its interval holds the true one", arguments: [4, 5] as [UInt64])
  func turned(seed: UInt64) throws {
    let scene = SlabScene(seed: seed, turn: 5)
    let found = try aligned(scene)
    let turn = try #require(found.turn)
    let (place, interval) = (try #require(turn.found), try #require(turn.error))
    #expect(turn.verdict == .found && abs(place - 5) < max(0.5, interval))
    let left = scene.residual(found.placements)
    #expect(left.along < 0.3 && left.across < 0.6)
  }

  @Test("Shifts of five pixels and gains apart by 5 %")
  func shifted() throws {
    let scene = SlabScene(seed: 6, largest: 5, gains: 0.05)
    let left = scene.residual(try aligned(scene).placements)
    #expect(left.along < 0.3 && left.across < 0.6)
  }

  @Test("Twelve tilts, one page of them showing something else")
  func few() throws {
    let scene = SlabScene(seed: 7, (0..<12).map { -60 + 120 * Double($0) / 11 }, largest: 3)
    var pages = scene.pages
    var random = SplitMix64(seed: 9)
    for i in pages[4].pixels.indices { pages[4].pixels[i] = Float(8 + random.uniform(within: 3)) }
    let found = try aligned(scene, pages)
    let left = scene.residual(found.placements, without: [4])
    #expect(left.along < 0.3 && left.across < 0.6)
  }

  @Test("Pages that have nothing in common are left as they were taken, and the noise is named")
  func noise() throws {
    let scene = SlabScene(seed: 8)
    var random = SplitMix64(seed: 11)
    let pages = scene.pages.map { page in
      Image(page.pixels.map { _ in Float(5 + random.normal()) }, columnCount: page.columnCount)
    }
    let found = try aligned(scene, pages)
    #expect(found.turn?.verdict == .undetermined)
    #expect(found.placements.allSatisfy { $0 == Placement() })
    #expect(found.heldOut?.verdict == .noise)
    #expect(found.warnings.contains { $0.contains("of the variation of the pages is noise") })
  }
}
