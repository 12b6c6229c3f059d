import AlgebraicReconstruction
import Fields
import Reconstruction
import Testing

import Alignment

/// Each step of an alignment, made from the stage before.
@Suite struct StageTests {
  private func stage(_ scene: Scene, _ specimen: Specimen = Specimen(.within)) throws
    -> AlignmentStage
  {
    let method = try OSSART(iterations: 4, constraint: try VoxelConstraint(isNonNegative: true))
    return AlignmentStage(SeriesAligner(method), specimen, tilts: scene.tilts)
  }

  private func level(_ scene: Scene, factor: Int = 1) -> Level {
    Level(scene.pages, tilts: scene.tilts, factor: factor, workers: .all)
  }

  private func undone(_ scene: Scene) -> [Placement] {
    scene.truth.map { Placement(across: -$0.across, along: -$0.along) }
  }

  @Test("Coarse placement brings pages to within a pixel, and leaves its stage as it was")
  func coarse() throws {
    let scene = try Scene(largest: 4)
    let stage = try stage(scene)
    let placed = try stage.placedCoarsely(level(scene))
    let left = scene.residual(placed.found.placements)
    #expect(left.across < 1 && left.along < 1)
    #expect(placed.found.coarse.count == 3 && placed.found.coarseChoice != "as taken")
    #expect(stage.found.placements.allSatisfy { $0 == Placement() } && stage.found.coarse.isEmpty)
  }

  @Test("A search finds the offset of the axis where pages lie well otherwise, with its curves")
  func axis() throws {
    let scene = try Scene(offset: 2)
    var aligner = try stage(scene).aligner
    aligner.settings.axisRange = 0
    let stage = AlignmentStage(aligner, Specimen(.within), tilts: scene.tilts)
    let found = try stage.withAxis(level(scene), isWide: true).found
    #expect(abs(found.placements[0].across + 2) < 0.2)
    #expect(found.curves.count == 2 && found.warnings.isEmpty)
  }

  @Test("Matching brings back a page that was moved, and no others")
  func matched() throws {
    let scene = try Scene()
    let moved = try stage(scene).with { $0.placements[9].along = 1.5 }
    let matched = try moved.matched(level(scene), rounds: 6)
    #expect(abs(matched.found.placements[9].along) < 0.3)
    let others = matched.found.placements.indices.filter { $0 != 9 }
    #expect(others.allSatisfy { abs(matched.found.placements[$0].along) < 0.15 })
    #expect(!matched.found.rounds.isEmpty && moved.found.rounds.isEmpty)
    var still = moved.aligner
    still.settings.rounds = 0
    let none = try AlignmentStage(still, Specimen(.within), tilts: scene.tilts).matched(
      level(scene))
    #expect(none.found.rounds.isEmpty)
  }

  @Test("Pages that lie worse than they were taken go back there, with a warning")
  func harm() throws {
    let scene = try Scene()
    let stage = try stage(scene)
    let harmed = stage.with { found in
      for k in found.placements.indices where k % 2 == 0 { found.placements[k].across = 4 }
    }
    let first = level(scene)
    let saved = try harmed.withoutHarm(first)
    #expect(saved.found.placements == stage.found.placements && saved.found.warnings.count == 1)
    let better = stage.with { $0.placements[0] = Placement() }
    #expect(try better.withoutHarm(first).found.heldOutAsTold == nil)
    let judged = try saved.judged(first).found
    #expect(judged.correlations.count == scene.tilts.count && judged.heldOut?.verdict == .good)
  }

  @Test("Of a slab, the box that predicts best is neither the thinnest nor the thickest")
  func thickness() throws {
    let scene = SlabScene(seed: 5)
    let method = try OSSART(iterations: 4)
    let slab = Specimen(.beyond(thickness: 0.75))
    let stage = AlignmentStage(SeriesAligner(method), slab, tilts: scene.tilts)
    let pages = slab.raised(scene.pages, workers: .all)
    let level = Level(pages, tilts: scene.tilts, factor: 1, smoothing: 1, workers: .all)
    let placed = stage.with { found in
      found.placements = scene.truth.map { Placement(across: -$0.across, along: -$0.along) }
    }
    guard case .beyond(let thickness) = try placed.withThickness(level).specimen.extent else {
      Issue.record("the slab ends within the field")
      return
    }
    // 20 of 72 columns.
    #expect(0.18...0.5 ~= thickness)
  }
}
