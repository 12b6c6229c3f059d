import AlgebraicReconstruction
import VariationalReconstruction
import Fields
import AnalyticReconstruction
import Phantoms
import Plots
import Projection
import Reconstruction
import Transforms

/// How the error grows as tilts become few: filtered back-projection, SIRT and total variation.
///
/// Each iterative method is taken at its best, SIRT at the best iteration and total variation at the
/// best λ, since its error against the truth is looked at.
struct FewTilts {
  private let folder: String
  private let workers: Workers
  private let width: Int
  private let slices: Int
  private let counts: [Int]

  init(_ folder: String, isQuick: Bool, _ workers: Workers) {
    (self.folder, self.workers) = (folder, workers)
    (width, slices) = isQuick ? (32, 8) : (128, 32)
    counts = isQuick ? [71, 15] : [71, 36, 20, 15, 10]
  }

  func run() throws -> StudyResult {
    var table = Table(["phantom", "tilts", "fbp", "sirt", "iteration", "tv", "lambda"])
    var claims: [StudyResult.Claim] = []
    for name in ["two-level", "particles"] {
      let recipe = try PhantomRecipe(reading: "\(folder)/\(name).json")
      var (sirt71, tv15) = (Double.infinity, Double.infinity)
      for count in counts {
        let scene = try Scene(
          recipe, width: width, slices: slices, tiltCount: count, workers)
        let series = try scene.measured(noise: 0.02).series
        let (sirt, tv) = (try sirt(scene, series), try tv(scene, series))
        try table.append([
          .text(name), .integer(count), .number(try fbp(scene, series)), .number(sirt.error),
          .integer(Int(sirt.setting)), .number(tv.error), .number(tv.setting),
        ])
        if count == 71 { sirt71 = sirt.error }
        if count == 15 { tv15 = tv.error }
      }
      claims.append(
        StudyResult.Claim(
          words: "\(name): total variation from 15 tilts is no worse than SIRT from 71",
          holds: tv15 <= sirt71))
    }
    return StudyResult(table: table, claims: claims)
  }

  private func fbp(_ scene: Scene, _ series: TiltSeries) throws -> Double {
    let (volume, _) = try FilteredBackProjection(window: .hann, scale: .full)
      .reconstruct(series, scene.geometry, from: nil, workers: workers)
    return scene.error(of: volume.voxels)
  }

  /// SIRT with x ≥ 0, stopped where 40 iterations have brought nothing.
  private func sirt(_ scene: Scene, _ series: TiltSeries) throws -> Finding {
    var pass = try SIRT(isNonNegative: true).makePass(scene.geometry, workers: workers)
    var volume = FloatStorage(zeros: scene.truth.voxels.count)
    var best = Finding(setting: 0, error: .infinity)
    for iteration in 1...1000 where Double(iteration) - best.setting <= 40 {
      _ = pass.refine(&volume, to: series.projections)
      let error = scene.error(of: volume)
      if error < best.error { best = Finding(setting: Double(iteration), error: error) }
    }
    return best
  }

  private func tv(_ scene: Scene, _ series: TiltSeries) throws -> Finding {
    var method = CompressedSensing()
    method.iterationLimit = 300
    return try scene.best(method, series, from: 2e-4, workers)
  }
}
