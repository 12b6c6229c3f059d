package import SeriesIO
import Fields
import Inversion
import Reconstruction
import Records
import StackIO

extension FusionRecipe {
  /// What was written, and what it means.
  package struct Outcome: Sendable {
    package let result: FusionResult
    /// Of each element, then of the residual.
    package let sidecars: [Sidecar]
    /// Of each element, where a vacuum was named.
    package let vacuum: [MapVacuum]?
  }

  func write(
    _ result: FusionResult, _ data: FusionData, _ shape: SlabShape,
    _ signal: Reading, _ maps: [Reading],
    _ doors: [ResultFiles], _ seconds: Sidecar.Seconds, _ follower: Follower
  ) throws -> Outcome {
    let levels = try vacuum.map {
      try result.vacuumLevels(shape, in: $0)
    }
    var files: [(part: String, store: MemoryStore)] = result.elements.indices.map { e in
      (
        result.elements[e].symbol,
        MemoryStore(
          result.concentrations.part(e * result.voxelCount..<(e + 1) * result.voxelCount), shape)
      )
    }
    files.append(("residual", MemoryStore(result.residual, data.haadf.pictures.shape)))
    let template = sidecar(result, signal, maps, levels, seconds)
    for door in doors { follower.begin(door) }
    var sidecars: [Sidecar] = []
    for ((part, store), door) in zip(files, doors) {
      var target = StackTarget(path: Self.path(self.target.path, part))
      (target.encoding, target.axis) = (self.target.encoding, series?.axis ?? .y)
      target.pixelSize = signal.series.pixelSize
      if series != nil, part != "residual" { target.pageSpacing = signal.series.pixelSize }
      let (receipt, stack) = try target.write(store, follower)
      var sidecar = template
      sidecar.output = RecordedFile(
        receipt, sha256: try door.add(stack), voxelSize: signal.series.pixelSize)
      sidecar.settings["part"] = .text(part)
      sidecars.append(sidecar)
    }
    // All are complete before the first gets its name.
    sidecars = try zip(sidecars, doors).map { try $1.finish($0) }
    return Outcome(result: result, sidecars: sidecars, vacuum: levels)
  }

  private func sidecar(
    _ result: FusionResult, _ signal: Reading, _ maps: [Reading], _ levels: [MapVacuum]?,
    _ seconds: Sidecar.Seconds
  ) -> Sidecar {
    var sidecar = Sidecar(
      command: command,
      output: RecordedFile(path: target.path, sha256: ""),
      geometry: series.map {
        Sidecar.Geometry($0.tilts, axis: $0.axis.rawValue, axisOffset: $0.axisOffset)
      },
      method: "fusion of HAADF and element maps", seconds: seconds)
    sidecar.inputs =
      ([signal] + maps).map(\.file)
      + RecordedFile.each(
        ([haadf] + self.maps.map(\.measurement)).compactMap(\.series).flatMap(\.companions))
    sidecar.settings = [
      "haadfModel": .text((result.settings.model ?? .linear).rawValue),
      "gamma": .number(fusion.exponent),
      "psf": .number(blur), "mapPsf": .number(mapBlur),
      "haadfNoise": .number(result.sigma), "haadfOffset": .number(result.calibration.offset),
      "fellBack": .flag(result.hasFallenBack), "lambda1": .number(result.lambda1),
    ]
    sidecar.noise = ["haadf": .text("gaussian"), "maps": .text(mapNoise.words)]
    (sidecar.iterations, sidecar.lambda) = (result.report.iterations, result.lambda2)
    sidecar.lambdaChoice = FusionAccount(result, levels)
    sidecar.history = result.report.objective.indices.map { i in
      HistoryEntry(
        iteration: i + 1, misfit: nil, residual: nil, relativeChange: result.report.residual[i],
        objective: result.report.objective[i])
    }
    sidecar.stopReason = result.report.stop == .settled ? .settled : .iterationLimit
    sidecar.warnings = seriesWarnings + result.notes
    return sidecar
  }
}

extension MapNoise {
  fileprivate var words: String {
    switch self {
    case .poisson(let background): "poisson over a background of \(background)"
    case .gaussian(.some(let sigma)): "gaussian, \(sigma)"
    case .gaussian(.none): "gaussian"
    }
  }
}
