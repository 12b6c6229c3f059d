package import Plots

/// The charts of quality.
package enum QualityCharts {
  static func all(_ result: QualityResult) -> [Chart] {
    [correlation(result.correlation), residuals(result).chart, spectrum(result).chart]
  }

  package static func correlation(_ correlation: CorrelationResult) -> Chart {
    let size = correlation.voxelSize
    let unit = size.map { 1 / $0 } ?? 1
    func line(
      _ name: String, _ points: [CorrelationResult.Point],
      _ value: (CorrelationResult.Point) -> Double?
    ) -> Chart.Series {
      Chart.Series(
        name,
        points.compactMap { point in value(point).map { Chart.Point(point.frequency * unit, $0) } })
    }
    var series = correlation.curves.map { curve in
      line(
        curve.direction.words, curve.points, \.value)
    }
    if let all = correlation[.all] {
      series.append(line("half-bit", all.points.filter { $0.value != nil }, \.halfBit))
    }
    for level in [0.5, 0.143] {
      series.append(
        Chart.Series("\(level)", [Chart.Point(0, level), Chart.Point(0.5 * unit, level)]))
    }
    return Chart(
      "Fourier shell correlation",
      x: Chart.Axis(
        size == nil ? "frequency (1/voxel)" : "frequency (1/nm)", limits: 0...0.5 * unit),
      y: Chart.Axis("correlation", limits: -0.2...1), series: series.filter { !$0.points.isEmpty })
  }

  package static func residuals(_ result: QualityResult) -> (name: String, chart: Chart) {
    let isKnown = result.fit.overNoise != nil
    func line(_ name: String, _ tilts: [FitResult.Tilt], _ mark: Chart.Series.Mark) -> Chart.Series
    {
      Chart.Series(
        name,
        tilts.compactMap { tilt in
          (isKnown ? tilt.overNoise : tilt.residual).map { Chart.Point(tilt.tilt, $0) }
        }, mark: mark)
    }
    var series = [line("all tilts fitted", result.fit.tilts, .both)]
    if let prediction = result.prediction {
      series.append(line("left out, predicted", prediction.tilts, .points))
    }
    if isKnown, let first = result.fit.tilts.first, let last = result.fit.tilts.last {
      series.append(
        Chart.Series("noise", [Chart.Point(first.tilt, 1), Chart.Point(last.tilt, 1)]))
    }
    let top = series.flatMap { $0.points.map(\.y) }.max() ?? 1
    return (
      "residuals",
      Chart(
        "Residual of each tilt", x: Chart.Axis("tilt (degrees)"),
        y: Chart.Axis(
          isKnown ? "rms residual / noise" : "rms residual", limits: 0...1.1 * max(top, 1e-30)),
        series: series)
    )
  }

  package static func spectrum(_ result: QualityResult) -> (name: String, chart: Chart) {
    let shells = result.spectrum.shells.dropFirst()
    func line(
      _ name: String, _ mark: Chart.Series.Mark, _ value: (SpectrumResult.Shell) -> Double?
    ) -> Chart.Series {
      Chart.Series(
        name,
        shells.compactMap { shell in
          value(shell).flatMap { $0 > 1e-30 ? Chart.Point(shell.frequency, $0) : nil }
        }, mark: mark)
    }
    var series = [
      line("sampled part", .line, \.sampled), line("missing part", .line, \.missing),
      line("noise of sampled part", .line, \.noise),
      line("filled in", .points) { $0.isFilledIn == true ? $0.missing : nil },
    ].filter { !$0.points.isEmpty }
    let values = series.flatMap { $0.points.map(\.y) }
    if let limit = result.spectrum.tiltLimit, limit < 0.5, let low = values.min(),
      let high = values.max()
    {
      series.append(
        Chart.Series("limit of the tilts", [Chart.Point(limit, low), Chart.Point(limit, high)]))
    }
    return (
      "spectrum",
      Chart(
        "Power spectrum", x: Chart.Axis("frequency (1/voxel)"),
        y: Chart.Axis("power, largest shell = 1", scale: .logarithmic), series: series)
    )
  }
}
