import AlgebraicReconstruction
import DosePlanning
import Fields
import AnalyticReconstruction
import Foundation
import Phantoms
import Projection
import Reconstruction
import Testing
import Transforms

@Suite("DosePlan")
struct DosePlanTests {
  /// The truth with a constant error, and the first pixel's noise in it where it is asked for.
  private struct Oracle: ReconstructionMethod {
    let truth: Volume
    let error: @Sendable (_ tilts: Int, _ jitter: Double) -> Double
    var name: String { "oracle" }
    var traits: MethodTraits { MethodTraits(isDirect: true, acceptsStart: false) }
    var iterationLimit: Int { 1 }

    init(
      truth: Volume, error: @escaping @Sendable (_ tilts: Int, _ jitter: Double) -> Double
    ) {
      (self.truth, self.error) = (truth, error)
    }

    init(from decoder: any Decoder) throws { throw MethodRecipeError.unknown("oracle") }
    func encode(to encoder: any Encoder) throws { try ["known": true].encode(to: encoder) }

    func reconstruct(
      _ series: TiltSeries, _ geometry: TiltGeometry, from start: Volume?, workers: Workers,
      monitor: Monitor, keeper: (any RunKeeper)?
    ) throws -> (Volume, ReconstructionReport) {
      var volume = truth
      let jitter = Double(series[0, 0, 32]) / 20 - 1
      let off = Float(error(series.shape.tiltCount, jitter))
      for z in 0..<truth.shape.depth {
        for y in 0..<truth.shape.sliceCount {
          for x in 0..<truth.shape.width { volume[x, y, z] += off }
        }
      }
      return (
        volume,
        ReconstructionReport(
          method: self, lambda: 0.25, iterations: 1, history: [], stopReason: .direct)
      )
    }
  }

  private static let specimen: @Sendable () throws -> Phantom = {
    try phantom(
      size: "[64, 12, 64]",
      [
        #"{"shape": "cuboid", "centre": [0, 0, 0], "edges": [40, 12, 20], "density": 1}"#,
        ball(-16, 0, 20, radius: 5),
      ])
  }

  private func plan(
    _ counts: [Int], readNoise: Double = 0, repeats: Int = 3, dose: Double = 3000,
    seed: UInt64 = 1, workers: Workers = .all,
    error: @escaping @Sendable (_ tilts: Int, _ jitter: Double) -> Double
  ) throws -> [PlanCell] {
    let scene = PlanScene(try Self.specimen())
    let truth = scene.truth
    let grid = try DoseGrid(
      tiltCounts: counts, range: 70,
      budget: DoseBudget(total: dose, readNoise: readNoise), repeats: repeats,
      seed: seed)
    return try DosePlan(
      scene, grid,
      [PlannedMethod(name: "oracle", cost: 1) { _ in Oracle(truth: truth, error: error) }],
      workers: workers
    ).run()
  }

  @Test("Tilts are even and end at the range, and all round none stands twice")
  func tilts() throws {
    #expect(DoseGrid.tilts(5, range: 70) == [-70, -35, 0, 35, 70])
    #expect(DoseGrid.tilts(4, range: 90) == [-90, -45, 0, 45])
  }

  @Test("A known error comes out as it is, with a mean and a spread over the repeats")
  func knownError() throws {
    let cells = try plan([7, 3], repeats: 3) { tilts, _ in Double(tilts) / 10 }
    #expect(cells.map(\.tiltCount) == [3, 7])
    #expect(abs(cells[0].rmse.mean - 0.3) < 1e-6 && abs(cells[1].rmse.mean - 0.7) < 1e-6)
    #expect(try #require(cells[0].rmse.deviation) < 1e-12)
    #expect(cells[0].dosePerTilt == 1000 && cells[0].brightestCounts == 1000)
    #expect(cells[0].runs.allSatisfy { $0.lambda == 0.25 })
    let seeds = cells.flatMap { $0.runs.map(\.seed) }
    #expect(Set(seeds).count == 6)
  }

  @Test("Grids of neighbouring seeds share no noise, and the same seed gives the same")
  func seeds() throws {
    func seeds(_ seed: UInt64) throws -> [UInt64] {
      try plan([3, 4, 5], repeats: 4, seed: seed) { _, _ in 0 }.flatMap { $0.runs.map(\.seed) }
    }
    let all = try [0, 1, 2, 1001, 2001, .max].flatMap { try seeds($0) }
    #expect(Set(all).count == 72 && all.allSatisfy { $0 < 1 << 53 })
    #expect(try seeds(7) == seeds(7))
  }

  @Test("The noise that a method is told is that of counting and reading")
  func toldNoise() throws {
    // √(Σ p / c / n + E² / c²), with c = counts / the largest value at 0°.
    let cells = try plan([3], readNoise: 30, repeats: 1) { _, _ in 0 }
    let clean = try Self.specimen().project(degrees: [-70, 0, 70])
    let values = clean.projections.span
    var sum = 0.0
    for i in values.indices { sum += Double(values[i]) }
    var brightest = 0.0
    for y in 0..<12 { for bin in 0..<64 { brightest = max(brightest, Double(clean[1, y, bin])) } }
    let scale = 1000 / brightest
    let expected =
      (sum / Double(clean.shape.slabs.valueCount) / scale + 900 / (scale * scale)).squareRoot()
    #expect(abs(cells[0].runs[0].noise / expected - 1) < 0.05)
  }

  @Test("A perfect volume is resolved to the last shell, which is a limit")
  func limits() throws {
    let perfect = try plan([3], repeats: 1) { _, _ in 0 }[0]
    #expect(perfect.runs[0].rmse == 0 && perfect.rmse.deviation == nil)
    #expect(perfect.runs[0].resolution == .atMost(nm: 2) && perfect.resolutionIsLimit)
  }

  @Test("Tilts are enough where no more of them make the error less by two errors and 1 %")
  func verdict() throws {
    // 0.2, 0.12, 0.1, 0.0995, 0.13 with a scatter of about 0.1 %.
    let levels = [3: 0.2, 5: 0.12, 9: 0.1, 17: 0.0995, 33: 0.13]
    let cells = try plan(Array(levels.keys)) { tilts, jitter in
      (levels[tilts] ?? 0) * (1 + jitter / 100)
    }
    let verdict = try #require(TiltVerdict.all(cells).first)
    #expect(verdict.best == 17 && verdict.enough == 9 && verdict.harmful == 33)
    #expect(try #require(verdict.relativeError) < 0.01)
    let single = try plan([3, 5], repeats: 1) { tilts, _ in 1 / Double(tilts) }
    let unknown = try #require(TiltVerdict.all(single).first)
    #expect(unknown.best == 5 && unknown.enough == nil && unknown.relativeError == nil)
  }

  @Test("A gain that is within the scatter does not count")
  func withinScatter() throws {
    // 3 % better, under a scatter far larger than that.
    let cells = try plan([3, 5], dose: 60) { tilts, jitter in
      (tilts == 3 ? 0.1 : 0.097) * (1 + jitter)
    }
    let verdict = try #require(TiltVerdict.all(cells).first)
    #expect(try #require(verdict.relativeError) > 0.03 && verdict.enough == 3)
  }

  @Test("Read noise makes many tilts harmful; without it their number makes no difference")
  func fractionation() throws {
    let fbp = PlannedMethod(name: "fbp", cost: 1) { _ in
      FilteredBackProjection(window: .hann, scale: .full)
    }
    let sirt = PlannedMethod(name: "sirt", cost: 40) { noise in
      try SIRT(iterations: 40, isNonNegative: true, stopRule: StopRule(noise: noise))
    }
    let cells = try [0.0, 4].map { readNoise in
      let grid = try DoseGrid(
        tiltCounts: [9, 36, 141], range: 70, budget: DoseBudget(total: 1500, readNoise: readNoise),
        repeats: 2)
      return try DosePlan(PlanScene(try Self.specimen()), grid, [fbp, sirt]).run()
    }
    let table = cells.map { $0.map(\.rmse.mean) }
    // fbp: few tilts leave streaks, then a plateau; with read noise the curve turns.
    #expect(table[0][1] < 0.97 * table[0][0])
    #expect(abs(table[0][2] / table[0][1] - 1) < 0.03)
    #expect(table[1][2] > 1.1 * table[1][1])
    #expect(table[1][5] > 1.1 * table[1][4])
    let verdicts = cells.map { TiltVerdict.all($0) }
    #expect(verdicts[0][0].harmful == nil && verdicts[1][0].harmful == 141)
    for (bare, noisy) in zip(table[0], table[1]) { #expect(noisy > bare) }
  }

  @Test("The number of threads changes no bit of an error")
  func threads() throws {
    let fbp = PlannedMethod(name: "fbp", cost: 1) { _ in FilteredBackProjection() }
    let runs = try [1, 3].map { count in
      let workers = Workers(count)
      let grid = try DoseGrid(
        tiltCounts: [5], range: 60, budget: DoseBudget(total: 500, readNoise: 1), repeats: 1)
      let scene = PlanScene(try Self.specimen(), workers: workers)
      return try DosePlan(scene, grid, [fbp], workers: workers).run()[0].runs[0]
    }
    #expect(runs[0].rmse == runs[1].rmse && runs[0].resolution == runs[1].resolution)
  }

  @Test("Progress goes through every run, and foretells a time once a method was seen")
  func progress() throws {
    let scene = PlanScene(try Self.specimen())
    let grid = try DoseGrid(
      tiltCounts: [3, 9], range: 60, budget: DoseBudget(total: 500), repeats: 2)
    let fbp = PlannedMethod(name: "fbp", cost: 1) { _ in FilteredBackProjection() }
    var seen: [DosePlan.Progress] = []
    _ = try DosePlan(scene, grid, [fbp]).run(onProgress: { seen.append($0) })
    #expect(seen.map(\.run) == [1, 2, 3, 4] && seen.map(\.runCount) == [4, 4, 4, 4])
    let fractions = [0.0, 0.125, 0.25, 0.625]
    for (progress, fraction) in zip(seen, fractions) {
      #expect(abs(progress.fraction - fraction) < 1e-12)
    }
    #expect(seen[0].expectedSeconds == nil && seen[1].expectedSeconds != nil)
    #expect(throws: ReconstructionError.interrupted) {
      try DosePlan(scene, grid, [fbp]).run(isCancelled: { true })
    }
  }

  @Test("What cannot be planned is refused")
  func refusals() throws {
    let budget = DoseBudget(total: 1)
    #expect(throws: DosePlanningError.tiltCount(2)) {
      try DoseGrid(tiltCounts: [5, 2], range: 60, budget: budget)
    }
    #expect(throws: DosePlanningError.repeatedTiltCount(5)) {
      try DoseGrid(tiltCounts: [5, 5], range: 60, budget: budget)
    }
    #expect(throws: DosePlanningError.noTiltCounts) {
      try DoseGrid(tiltCounts: [], range: 60, budget: budget)
    }
    for range in [0, -5, 91, .nan] as [Double] {
      #expect(throws: DosePlanningError.self) {
        try DoseGrid(tiltCounts: [5], range: range, budget: budget)
      }
    }
    #expect(throws: DosePlanningError.repeats(0)) {
      try DoseGrid(tiltCounts: [5], range: 60, budget: budget, repeats: 0)
    }
    let grid = try DoseGrid(tiltCounts: [5], range: 60, budget: budget)
    #expect(throws: DosePlanningError.noMethods) {
      try DosePlan(PlanScene(try Self.specimen()), grid, [])
    }
    var bare = PlanScene(Volume(zeros: VolumeShape(width: 8, depth: 8, sliceCount: 2))).truth
    bare.voxelSize = nil
    #expect(throws: PhantomError.pixelSizeUnknown) {
      try DosePlan(
        PlanScene(bare), grid,
        [PlannedMethod(name: "fbp", cost: 1) { _ in FilteredBackProjection() }])
    }
  }
}
