import AlgebraicReconstruction
import VariationalReconstruction
import Fields
import AnalyticReconstruction
import MissingWedge
import Phantoms
import Plots
import Projection
import Reconstruction

/// How much of a reconstruction was inferred and not measured, and where its error lies.
///
/// Noiseless series at fixed methods from ±80° to ±40°, then total variation along λ at ±70°, then series
/// with 2 % noise and λ chosen from them.
struct WedgeStudy {
  private let folder: String
  private let workers: Workers
  private let width: Int
  private let slices: Int

  init(_ folder: String, isQuick: Bool, _ workers: Workers) {
    (self.folder, self.workers) = (folder, workers)
    (width, slices) = isQuick ? (40, 8) : (128, 32)
  }

  func run() throws -> StudyResult {
    var table = Table([
      "phantom", "noise", "method", "range", "lambda", "missing", "inferred", "ofTruth",
      "errorInWedge", "errorRatio",
    ])
    var claims: [StudyResult.Claim] = []
    for name in ["two-level", "particles"] {
      let recipe = try PhantomRecipe(reading: "\(folder)/\(name).json")
      let scenes = try [80.0, 70, 60, 50, 40].map { limit in
        (limit, try scene(recipe, limit))
      }
      for (label, method) in try fixedMethods() {
        var inferred: [Double] = []
        for (limit, scene) in scenes {
          let row = try measure(method, scene, scene.clean)
          try append(row, to: &table, scene, noise: 0, label, limit)
          inferred.append(row.energy.all.missingFraction ?? 0)
        }
        // The others fill in little, and less of a wider wedge.
        guard label == "tv" else { continue }
        claims.append(
          StudyResult.Claim(
            words: "\(name): the part that total variation infers grows from ±80° to ±40°",
            holds: zip(inferred, inferred.dropFirst()).allSatisfy { $0 < $1 }))
      }
      for lambda in [1e-6, 1e-5, 1e-4, 1e-3, 1e-2] {
        let scene = scenes[1].1
        let row = try measure(variation(.lambda(lambda)), scene, scene.clean)
        try append(row, to: &table, scene, noise: 0, "tv", 70)
      }
      for (limit, scene) in scenes where [70, 50].contains(limit) {
        let row = try measure(
          variation(.chosen(nil, noise: nil)), scene, try scene.measured(noise: 0.02).series)
        try append(row, to: &table, scene, noise: 0.02, "tv, λ auto", limit)
        claims.append(
          StudyResult.Claim(
            words:
              "\(name), ±\(Int(limit))°, λ auto: a missing coefficient errs more than a sampled one",
            holds: (row.error.all.perCoefficientRatio ?? 0) > 1))
      }
    }
    return StudyResult(table: table, claims: claims)
  }

  private func scene(_ recipe: PhantomRecipe, _ limit: Double) throws -> Scene {
    try Scene(
      recipe, width: width, slices: slices, tiltCount: Int(limit) + 1, limit: limit, workers)
  }

  private func fixedMethods() throws -> [(String, any ReconstructionMethod)] {
    [
      ("fbp", FilteredBackProjection(scale: .full)),
      ("sirt 50", try SIRT(iterations: 50)),
      ("sirt 50, x ≥ 0", try SIRT(iterations: 50, isNonNegative: true)),
      ("tv", variation(.lambda(1e-4))),
    ]
  }

  private func variation(_ strength: Strength) -> CompressedSensing {
    var method = CompressedSensing()
    method.strength = strength
    return method
  }

  private struct Row {
    let lambda: Double?
    let energy: EnergySplit
    let ofTruth: EnergySplit
    let error: EnergySplit
  }

  private func measure(
    _ method: any ReconstructionMethod, _ scene: Scene, _ series: TiltSeries
  ) throws -> Row {
    let (volume, report) = try method.reconstruct(
      series, scene.geometry, from: nil, workers: workers, monitor: .silent)
    let coverage = TiltCoverage(scene.geometry)
    return Row(
      lambda: report.lambda, energy: EnergySplit(volume, coverage, workers: workers),
      ofTruth: EnergySplit(scene.truth, coverage, workers: workers),
      error: EnergySplit(errorOf: volume, against: scene.truth, coverage, workers: workers))
  }

  private func append(
    _ row: Row, to table: inout Table, _ scene: Scene, noise: Double, _ label: String,
    _ limit: Double
  ) throws {
    try table.append([
      .text(scene.name), .number(noise), .text(label), .number(limit), .from(row.lambda),
      .number(TiltCoverage(scene.geometry).missingFraction),
      .from(row.energy.all.missingFraction), .from(row.ofTruth.all.missingFraction),
      .from(row.error.all.missingFraction), .from(row.error.all.perCoefficientRatio),
    ])
  }
}
