import AlgebraicReconstruction
import Fields
import Foundation
import Phantoms
import Plots
import Projection
import Reconstruction
import Fusion

/// Fused tomography of two elements against SIRT, MLEM and total variation of each by itself.
///
/// HAADF has 71 tilts and 2000 counts at its brightest pixel; the elements have few tilts of their own
/// and few counts, and pixels of their own size. SIRT and MLEM are taken at their best iteration.
struct FusionInSpace {
  private let folder: String
  private let workers: Workers
  private let size: Int
  private let tiltCounts: [Int]
  private let counts: [Double]
  private let pictures: String?

  init(_ folder: String, isQuick: Bool, _ workers: Workers, pictures: String?) {
    (self.folder, self.workers, self.pictures) = (folder, workers, pictures)
    size = isQuick ? 32 : 64
    tiltCounts = isQuick ? [11] : [15, 9]
    counts = isQuick ? [3] : [5, 1]
  }

  private static let elements = ["Au", "Ni"]

  func run() throws -> StudyResult {
    var table = Table([
      "tilts", "counts", "element", "sirt", "mlem", "tv", "fused", "gain", "consistent", "seconds",
    ])
    var claims: [StudyResult.Claim] = []
    for (tilts, counts) in zip(tiltCounts, counts) {
      let scenes = try Self.elements.map { try scene("fusion-\($0)", tilts: tilts) }
      let series = try scenes.enumerated().map { try counted($1, counts, seed: UInt64($0 + 2)) }
      let haadf = try scene("fusion-haadf", tilts: 71)
      var bright = haadf.clean
      _ = try NoiseModel.poisson(counts: 2000, output: .lineIntegrals)
        .apply(to: &bright, seed: 1, workers: workers)
      var detectors = SeriesDetectors(
        bright,
        try zip(Self.elements, series).map {
          var map = SeriesDetectors.Map(try ChemicalElement($0), $1.series)
          map.scale = $1.scale
          return map
        }, depth: size)
      detectors.workers = workers
      var fusion = SensorFusion()
      fusion.model = .linear
      let clock = ContinuousClock()
      let began = clock.now
      let result = try fusion.fuse(try detectors.data())
      let seconds = (clock.now - began) / .seconds(1)
      for (e, scene) in scenes.enumerated() {
        let plain = try best(scene, series[e].series, scale: series[e].scale)
        let (tv, fused) = (
          ratio(part(result.denoised, e, result), scene),
          ratio(part(result.fused, e, result), scene)
        )
        let name = Self.elements[e]
        try table.append([
          .integer(tilts), .number(counts), .text(name), .number(plain.sirt), .number(plain.mlem),
          .number(tv), .number(fused), .number(fused / max(plain.sirt, plain.mlem)),
          .text("\(result.isConsistent)"), .number(seconds),
        ])
        claims.append(
          StudyResult.Claim(
            words: "\(name), \(tilts) tilts: fused is no worse than total variation",
            holds: fused >= tv))
        if name == "Au" {
          claims.append(
            StudyResult.Claim(
              words: "\(name), \(tilts) tilts: fused is three times better than SIRT and MLEM",
              holds: fused >= 3 * max(plain.sirt, plain.mlem)))
        }
      }
      if let pictures {
        try picture(scenes, result).write(to: "\(pictures)/fusion-3d-\(tilts).png")
      }
    }
    return StudyResult(table: table, claims: claims)
  }

  private func scene(_ name: String, tilts: Int) throws -> Scene {
    try Scene(
      try PhantomRecipe(reading: "\(folder)/\(name).json"), width: size, slices: size,
      tiltCount: tilts, workers)
  }

  /// Poisson counts, `mean` of them in the mean pixel of the object's projection.
  private func counted(
    _ scene: Scene, _ mean: Double, seed: UInt64
  ) throws -> (series: TiltSeries, scale: Double) {
    let values = scene.clean.projections.span
    var (sum, count, most) = (0.0, 0.0, Float(0))
    for i in values.indices where values[i] > 0 {
      sum += Double(values[i])
      count += 1
    }
    let middle = scene.clean.tilts.indices.min {
      abs(scene.clean.tilts[$0]) < abs(scene.clean.tilts[$1])
    }
    for y in 0..<size {
      for bin in 0..<size { most = max(most, scene.clean[middle ?? 0, y, bin]) }
    }
    let scale = mean / (sum / count)
    var series = scene.clean
    _ = try NoiseModel.poisson(counts: scale * Double(most), output: .counts)
      .apply(to: &series, seed: seed, workers: workers)
    return (series, scale)
  }

  private func part(_ x: FloatStorage, _ e: Int, _ result: FusionResult) -> FloatStorage {
    FloatStorage((0..<result.voxelCount).map { x.span[e * result.voxelCount + $0] })
  }

  /// `rms(truth) / RMSE`, the scale of the estimate fitted: concentrations have a unit of their own.
  private func ratio(_ x: FloatStorage, _ scene: Scene) -> Double {
    let (x, t) = (x.span, scene.truth.voxels.span)
    var (xx, xt, tt) = (0.0, 0.0, 0.0)
    for i in x.indices {
      xx += Double(x[i]) * Double(x[i])
      xt += Double(x[i]) * Double(t[i])
      tt += Double(t[i]) * Double(t[i])
    }
    guard xx > 0 else { return 1 }
    return (tt / max(tt - xt * xt / xx, 1e-30)).squareRoot()
  }

  /// What an estimate is multiplied by to be compared with the truth.
  private func unit(of x: FloatStorage, _ scene: Scene) -> Float {
    let (x, t) = (x.span, scene.truth.voxels.span)
    var (xx, xt) = (Float(0), Float(0))
    for i in x.indices { (xx, xt) = (xx + x[i] * x[i], xt + x[i] * t[i]) }
    return xx > 0 ? xt / xx : 1
  }

  private func best(
    _ scene: Scene, _ series: TiltSeries, scale: Double
  ) throws -> (sirt: Double, mlem: Double) {
    var found = (sirt: 0.0, mlem: 0.0)
    var sirt = try SIRT(isNonNegative: true).makePass(scene.geometry, workers: workers)
    var volume = FloatStorage(zeros: scene.truth.voxels.count)
    for _ in 0..<100 {
      _ = sirt.refine(&volume, to: series.projections)
      found.sirt = max(found.sirt, ratio(volume, scene))
    }
    for iterations in [3, 5, 8, 12, 18, 25, 40, 60] {
      let (volume, _) = try MLEM(iterations: iterations)
        .reconstruct(series, scene.geometry, from: nil, workers: workers)
      found.mlem = max(found.mlem, ratio(volume.voxels, scene))
    }
    return found
  }

  private func picture(_ scenes: [Scene], _ result: FusionResult) throws -> Picture {
    let panels = scenes.enumerated().flatMap { e, scene in
      [
        ("truth", scene.truth.voxels), ("total variation", part(result.denoised, e, result)),
        ("fused", part(result.fused, e, result)),
      ].map { name, field in
        let volume = Volume(field, shape: scene.truth.shape)
        let scale = unit(of: field, scene)
        let pixels = FloatStorage(
          (0..<size * size).map { scale * volume[$0 % size, size / 2, $0 / size] })
        return Panel(
          Picture(pixels.span, width: size, limits: 0...1.3).magnified(by: 3),
          caption: "\(Self.elements[e]), \(name)")
      }
    }
    return .montage(panels, columnCount: 3)
  }
}
