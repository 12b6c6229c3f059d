import Fields
import Inversion
import Reconstruction
public import SensorFusion
import StackIO

extension FusionRecipe {
  /// What was written, and what it means.
  public struct Outcome: Sendable {
    public let result: FusionResult
    /// Of each element, then of the residual.
    public let sidecars: [Sidecar]
    /// Of each element, where a vacuum was named.
    public let vacuum: [VacuumLevel]?
  }

  func write(
    _ result: FusionResult, _ data: FusionData, _ shape: SlabShape,
    _ signal: (series: TiltSeries, info: StackInfo), _ seconds: Sidecar.Seconds,
    _ follower: Follower
  ) throws -> Outcome {
    let levels = try vacuum.map {
      try result.vacuumLevels(shape, rows: $0.rows, columns: $0.columns)
    }
    var files: [(part: String, store: MemoryStore)] = result.elements.indices.map { e in
      (
        result.elements[e].symbol,
        MemoryStore(
          result.concentrations.part(e * result.voxelCount..<(e + 1) * result.voxelCount), shape)
      )
    }
    files.append(("residual", MemoryStore(result.residual, data.haadf.pictures.shape)))
    var sidecar = try sidecar(result, signal, levels, seconds)
    let template = sidecar
    let sidecars = try files.map { part, store in
      var target = StackTarget(path: Self.path(self.target.path, part))
      (target.encoding, target.axis) = (self.target.encoding, tilts == nil ? .y : axis)
      target.pixelSize = signal.series.pixelSize
      if tilts != nil, part != "residual" { target.pageSpacing = signal.series.pixelSize }
      let receipt = try target.write(store, follower)
      sidecar = template
      sidecar.output = try Sidecar.File(
        path: target.path, shape: receipt.shape, voxelSize: signal.series.pixelSize)
      sidecar.settings["part"] = .text(part)
      try sidecar.write()
      return sidecar
    }
    return Outcome(result: result, sidecars: sidecars, vacuum: levels)
  }

  private func sidecar(
    _ result: FusionResult, _ signal: (series: TiltSeries, info: StackInfo),
    _ levels: [VacuumLevel]?, _ seconds: Sidecar.Seconds
  ) throws -> Sidecar {
    var sidecar = Sidecar(
      command: command,
      output: Sidecar.File(path: target.path, sha256: "", shape: nil, voxelSize: nil),
      geometry: tilts.map {
        Sidecar.Geometry($0.degrees, axis: axis.rawValue, axisOffset: axisOffset)
      },
      method: "fusion of HAADF and element maps", seconds: seconds)
    sidecar.inputs = [
      try Sidecar.File(
        path: haadf, shape: signal.info.shape, voxelSize: signal.series.pixelSize)
    ]
    for map in maps {
      sidecar.inputs.append(
        try Sidecar.File(
          path: map.path, shape: try StackReader(path: map.path).info.shape,
          voxelSize: nil))
    }
    for source in [tilts?.source] + maps.map({ $0.tilts?.source }) {
      guard let source else { continue }
      sidecar.inputs += try Sidecar.File.file(of: source, besides: sidecar.inputs.map(\.path))
    }
    sidecar.settings = [
      "haadfModel": .text(fusion.model.rawValue), "gamma": .number(fusion.exponent),
      "solver": .text(fusion.solver.rawValue), "psf": .number(blur), "mapPsf": .number(mapBlur),
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
    sidecar.warnings = result.notes
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
