package import Fields
import Phantoms
import Projection
import Reconstruction

/// A fixed dose, shared by few or many tilts: what each method makes of it.
///
/// Every series is simulated with the counts that its share of the dose gives, and reconstructed by
/// every method; all methods see the same series. Cost: counts × repeats × methods reconstructions.
///
/// - Reference: R. Hegerl and W. Hoppe, Z. Naturforsch. 31a, 1717 (1976), for why the number of tilts
///   does not matter where nothing but counting makes noise.
package struct DosePlan: Sendable {
  package let grid: DoseGrid
  package let methods: [PlannedMethod]
  package let scene: PlanScene
  package let workers: Workers

  /// - Throws: ``DosePlanningError/noMethods``, or `PhantomError.pixelSizeUnknown` where the scene has
  ///   no voxel size.
  package init(
    _ scene: PlanScene, _ grid: DoseGrid, _ methods: [PlannedMethod], workers: Workers = .all
  ) throws {
    guard !methods.isEmpty else { throw DosePlanningError.noMethods }
    guard scene.truth.voxelSize != nil else { throw PhantomError.pixelSizeUnknown }
    (self.scene, self.grid) = (scene, grid)
    (self.methods, self.workers) = (methods, workers)
  }

  /// How far a plan has come, before each run.
  package struct Progress: Sendable {
    /// Counted from 1.
    package let run: Int
    package let runCount: Int
    package let method: String
    package let tiltCount: Int
    /// Of the whole, by cost, between 0 and 1.
    package let fraction: Double
    /// What the run is expected to take, once its method has been seen at work.
    package let expectedSeconds: Double?
  }

  /// - Returns: a cell for each method and number of tilts; by method, counts ascending.
  /// - Throws: what the noise or a method throws, or `ReconstructionError.interrupted`.
  package func run(
    onProgress: (Progress) -> Void = { _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws -> [PlanCell] {
    let mask = PlanResolution.mask(range: grid.range, of: scene.truth.shape)
    let total = Double(grid.tiltCounts.reduce(0, +) * grid.repeats) * cost
    var (done, number) = (0.0, 0)
    var pace: [String: Double] = [:]
    var cells = methods.map { _ in [PlanCell]() }
    for count in grid.tiltCounts {
      let clean = try scene.project(DoseGrid.tilts(count, range: grid.range))
      let geometry = try TiltGeometry(
        volume: scene.truth.shape, series: clean.shape, degrees: clean.tilts)
      for index in 0..<grid.repeats {
        let sample = try sample(clean, grid.seed(count: count, repeat: index))
        for (place, method) in methods.enumerated() {
          number += 1
          onProgress(
            Progress(
              run: number, runCount: grid.tiltCounts.count * grid.repeats * methods.count,
              method: method.name, tiltCount: count, fraction: done / total,
              expectedSeconds: pace[method.name].map { $0 * Double(count) }))
          guard !isCancelled() else { throw ReconstructionError.interrupted }
          let run = try reconstruct(sample, geometry, method, mask, isCancelled)
          if index == 0 { cells[place].append(cell(method, count, sample)) }
          cells[place][cells[place].count - 1].runs.append(run)
          pace[method.name] = run.seconds / Double(count)
          done += method.cost * Double(count)
        }
      }
    }
    return cells.flatMap(\.self)
  }

  private var cost: Double { methods.reduce(0) { $0 + $1.cost } }

  /// A series with its noise.
  private struct Sample {
    let series: TiltSeries
    let seed: UInt64
    let noise: Double
    let brightestCounts: Double
  }

  private func sample(_ clean: TiltSeries, _ seed: UInt64) throws -> Sample {
    var series = clean
    let model = NoiseModel.dose(
      perSquareNanometre: grid.budget.total, collectedFraction: grid.budget.collectedFraction,
      readNoise: grid.budget.readNoise, output: .lineIntegrals)
    let report = try model.apply(to: &series, seed: seed, workers: workers)
    let noise = rootMeanSquareDifference(
      series.projections, clean.projections, count: clean.shape.slabs.valueCount)
    return Sample(
      series: series, seed: seed, noise: noise, brightestCounts: report.brightestCounts ?? 0)
  }

  private func cell(_ method: PlannedMethod, _ count: Int, _ sample: Sample) -> PlanCell {
    PlanCell(
      method: method.name, tiltCount: count, dosePerTilt: grid.budget.total / Double(count),
      brightestCounts: sample.brightestCounts, runs: [])
  }

  private func reconstruct(
    _ sample: Sample, _ geometry: TiltGeometry, _ method: PlannedMethod, _ mask: FloatStorage,
    _ isCancelled: @escaping @Sendable () -> Bool
  ) throws -> PlannedRun {
    let clock = ContinuousClock()
    let began = clock.now
    let (volume, report) = try method.make(sample.noise).reconstruct(
      sample.series, geometry, from: nil, workers: workers,
      monitor: Monitor(isCancelled: isCancelled))
    let truth = scene.truth
    return PlannedRun(
      seed: sample.seed, noise: sample.noise,
      rmse: rootMeanSquareDifference(
        volume.voxels, truth.voxels, count: truth.shape.slabs.valueCount),
      resolution: PlanResolution(
        of: volume, with: truth, mask: mask, voxelSize: truth.voxelSize ?? 1, workers: workers),
      lambda: report.lambda, iterations: report.iterations, settings: report.settings,
      seconds: (clock.now - began) / .seconds(1))
  }
}
