import Fields
package import Plots

extension CorrelationResult {
  /// One row per direction and frequency.
  package func table() throws(PlotError) -> Table {
    var table = Table(["direction", "frequency", "correlation", "coefficients", "halfBit"])
    for curve in curves {
      for point in curve.points {
        try table.append([
          .text(curve.direction.rawValue), .number(point.frequency), .from(point.value),
          .number(point.coefficients), .number(point.halfBit),
        ])
      }
    }
    return table
  }
}

extension QualityResult {
  /// One row per tilt.
  package func residualTable() throws(PlotError) -> Table {
    var table = Table([
      "tilt", "residual", "mean", "overNoise", "alongBins", "alongSlices", "predictionOverNoise",
    ])
    for tilt in fit.tilts {
      let predicted = prediction?.tilts.first { $0.tilt == tilt.tilt }
      try table.append([
        .number(tilt.tilt), .number(tilt.residual), .number(tilt.mean), .from(tilt.overNoise),
        .from(tilt.alongBins), .from(tilt.alongSlices), .from(predicted?.overNoise),
      ])
    }
    return table
  }
}

extension SpectrumResult {
  /// One row per shell.
  package func table() throws(PlotError) -> Table {
    var table = Table(["frequency", "sampled", "missing", "noise", "isFilledIn", "isBetweenTilts"])
    for shell in shells {
      try table.append([
        .number(shell.frequency), .from(shell.sampled), .from(shell.missing), .from(shell.noise),
        cell(shell.isFilledIn), cell(shell.isBetweenTilts),
      ])
    }
    return table
  }
}

private func cell(_ value: Bool?) -> Table.Cell { value.map { .text("\($0)") } ?? .empty }

extension ResidualMap {
  /// Tilts from the top down, bins to the right.
  package var picture: Picture {
    let zoom = max(1, 640 / max(binCount, tilts.count))
    func panel(_ values: [Float], _ limits: ClosedRange<Float>, _ name: String) -> Panel {
      let picture = Picture(FloatStorage(values).span, width: binCount, limits: limits)
      return Panel(
        picture.magnified(by: zoom),
        caption: "\(name) residual / noise: \(limits.lowerBound) to \(limits.upperBound)")
    }
    let (top, side) = (Self.limit(rms, least: 2), Self.limit(mean, least: 1))
    return Picture.montage([panel(rms, 0...top, "rms"), panel(mean, -side...side, "mean")])
  }

  /// The 99th percentile of the sizes, rounded up to 1, 2 or 5 times a power of ten.
  private static func limit(_ values: [Float], least: Float) -> Float {
    let sorted = values.map(abs).sorted()
    let high = sorted.isEmpty ? least : sorted[(sorted.count - 1) * 99 / 100]
    var (limit, steps) = (least, 0)
    while limit < high, steps < 100 {
      // 1, 2, 5, 10, …
      limit *= "\(limit)".hasPrefix("2") ? 2.5 : 2
      steps += 1
    }
    return limit
  }
}
