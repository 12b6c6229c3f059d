import SeriesIO
import Foundation
import Phantoms
import Reconstruction
import StackIO
import Synchronization
import TestDesk
import Testing
import Workflow

@Suite struct SimulationTests {
  @Test("A clean series has neither noise nor seed")
  func clean() throws {
    let desk = try Desk()
    let sidecar = try desk.series("-60:60:20", to: "s.tif")
    #expect(sidecar.noise == nil && sidecar.seed == nil && sidecar.dose == nil)
    #expect(sidecar.method == "analytic projection")
  }

  @Test(
    "Noise is told in numbers, with its seed",
    arguments: [
      NoiseModel.gaussian(sigma: 0.5), .relativeGaussian(fraction: 0.02),
      .poisson(counts: 80, output: .counts),
    ])
  func facts(noise: NoiseModel) throws {
    let desk = try Desk()
    var simulation = try desk.simulation("-60:60:20", to: "s.tif")
    (simulation.noise, simulation.seed) = (noise, 77)
    let sidecar = try simulation.run(.silent)
    #expect(sidecar.seed == 77)
    let facts = try #require(sidecar.noise)
    switch noise {
    case .gaussian: #expect(facts["sigma"] == .number(0.5) && facts["kind"] == .text("gaussian"))
    case .relativeGaussian:
      #expect(facts["fraction"] == .number(0.02))
      guard case .number(let sigma) = facts["sigma"] else { throw CancellationError() }
      #expect(sigma > 0.1 && sigma < 0.3)  // 2% of a chord of 9.6 voxels of density 2
    default:
      #expect(facts["brightestCounts"] == .number(80) && facts["kind"] == .text("poisson"))
      #expect(facts["countsAs"] == .text("counts"))
    }
  }

  @Test("A dose is shared by the tilts and needs the size of a pixel")
  func dose() throws {
    let desk = try Desk()
    var simulation = try desk.simulation("-60:60:20", to: "s.tif")
    simulation.noise = .dose(perSquareNanometre: 700, collectedFraction: 0.5, output: .counts)
    #expect(throws: PhantomError.pixelSizeUnknown) { try simulation.run(.silent) }
    #expect(!FileManager.default.fileExists(atPath: desk.path("s.tif")))
    simulation.voxelSize = 2
    let sidecar = try simulation.run(.silent)
    #expect(
      sidecar.dose == Sidecar.Dose(perTilt: Array(repeating: 100, count: 7), unit: "electrons/nm²"))
    #expect(sidecar.noise?["brightestCounts"] == .number(200))  // 100 / nm² · 4 nm² · 0.5
    #expect(try StackReader(path: desk.path("s.tif")).info.pixelSize == 2)
  }

  @Test("A follower that cancels ends the recipe, and no file is left")
  func cancelled() throws {
    let desk = try Desk()
    let simulation = try desk.simulation("-60:60:20", to: "s.tif")
    let isWriting = Mutex(false)
    let follower = Follower(
      onProgress: { if $0.stage == .writing { isWriting.withLock { $0 = true } } },
      isCancelled: { isWriting.withLock(\.self) })
    #expect(throws: ReconstructionError.interrupted) { try simulation.run(follower) }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: desk.folder.path) == ["ball.json"])
  }
}
