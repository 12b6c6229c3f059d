import SeriesIO
import AlgebraicReconstruction
import Fields
import Foundation
import Reconstruction
import StackIO
import TestDesk
import Testing
import Workflow

@Suite struct CoarseStartTests {
  @Test(
    "A run from half the resolution is nearer the truth after as many iterations",
    arguments: ["32, 10, 28", "31, 9, 27"], [0, 1.5])
  func gain(size: String, offset: Double) throws {
    let (desk, recipe) = try furnished(size, iterations: 4, offset: offset)
    var begun = recipe
    begun.coarseMethod = try SIRT(iterations: 10)
    let plain = try recipe.run(.silent)
    let before = try error(desk)
    let sidecar = try begun.run(.silent)
    let after = try error(desk)
    #expect(after < 0.7 * before, "\(after) against \(before)")
    #expect(sidecar.settings["coarseIterations"] == .count(10))
    #expect(plain.settings["coarseIterations"] == nil && sidecar.history.count == 4)
    let (first, begunFirst) = (plain.history[0].misfit, sidecar.history[0].misfit)
    #expect(try #require(begunFirst) < 0.35 * #require(first))
  }

  @Test("It stays in memory, and what it holds itself is counted")
  func memory() throws {
    let (desk, begun) = try furnished("32, 10, 28", iterations: 4, offset: 0)
    defer { withExtendedLifetime(desk) {} }
    var recipe = ReconstructionRecipe(begun.source, try SIRT(), to: begun.target)
    let without = try recipe.plan()
    // Eight projectors with tables of their own, where the run has one.
    recipe.coarseMethod = try OSSART(iterations: 4)
    let plan = try recipe.plan()
    #expect(plan.byteCount > without.byteCount && plan.isInMemory)
    recipe.memoryLimit = plan.byteCount - 1
    let refusal = MemoryLimitError.coarseMemory(needs: plan.byteCount, limit: plan.byteCount - 1)
    #expect(throws: refusal) { try recipe.plan() }
  }

  /// A ball off the centre, its series and its truth.
  private func furnished(
    _ size: String, iterations: Int, offset: Double
  ) throws -> (Desk, ReconstructionRecipe) {
    let desk = try Desk()
    try desk.write(
      """
      {"name": "ball", "description": "One ball.", "unit": "halfWidth", "size": [\(size)],
       "objects": [
         {"shape": "sphere", "radius": 0.25, "centre": [0.3, 0.05, -0.2], "density": 2}]}
      """, to: "ball.json")
    var simulation = try desk.simulation("-80:80:4", to: "s.mrc")
    simulation.axisOffset = offset
    _ = try simulation.run(.silent)
    _ = try PhantomRendering(desk.path("ball.json"), to: StackTarget(path: desk.path("t.tif")))
      .run(.silent)
    let parts = size.split(separator: ", ").compactMap { Int($0) }
    var recipe = ReconstructionRecipe(
      try desk.source("s.mrc", "-80:80:4"), try SIRT(iterations: iterations),
      to: StackTarget(path: desk.path("r.tif")))
    recipe.axisOffset = offset
    recipe.depth = parts[2]
    return (desk, recipe)
  }

  private func error(_ desk: Desk) throws -> Double {
    let (found, truth) = (
      try readVolume(desk.path("r.tif")).volume, try readVolume(desk.path("t.tif")).volume
    )
    #expect(found.shape == truth.shape)
    let squares = truth.voxels.span.indices.reduce(0.0) { sum, i in
      let difference = Double(found.voxels.span[i] - truth.voxels.span[i])
      return sum + difference * difference
    }
    return squares.squareRoot()
  }
}
