package import Plots

extension EnergySplit {
  /// Per shell: energies, coefficients, and those of the error.
  package func table(error: EnergySplit?) throws(PlotError) -> Table {
    var header = ["frequency", "sampled", "missing", "sampledCount", "missingCount"]
    if error != nil { header += ["errorSampled", "errorMissing"] }
    var table = Table(header)
    for (index, shell) in shells.enumerated() {
      var row: [Table.Cell] = [
        .number(frequencies[index]), .number(shell.sampled), .number(shell.missing),
        .integer(shell.sampledCount), .integer(shell.missingCount),
      ]
      if let share = error?.shells[index] {
        row += [.number(share.sampled), .number(share.missing)]
      }
      try table.append(row)
    }
    return table
  }

  /// The mean energy of a coefficient over frequency; `nil` where there is nothing above zero.
  package func chart(error: EnergySplit?) -> Chart? {
    func line(
      _ name: String, _ split: EnergySplit, _ value: (EnergySplit.Share) -> (Double, Int)
    ) -> Chart.Series? {
      let points = zip(split.frequencies, split.shells).compactMap { frequency, share in
        let (sum, count) = value(share)
        return sum > 0 && count > 0 ? Chart.Point(frequency, sum / Double(count)) : nil
      }
      return points.isEmpty ? nil : Chart.Series(name, points)
    }
    var series = [
      line("measured", self) { ($0.sampled, $0.sampledCount) },
      line("inferred", self) { ($0.missing, $0.missingCount) },
    ]
    if let error {
      series += [
        line("error, measured", error) { ($0.sampled, $0.sampledCount) },
        line("error, inferred", error) { ($0.missing, $0.missingCount) },
      ]
    }
    let lines = series.compactMap(\.self)
    guard !lines.isEmpty else { return nil }
    return Chart(
      "Energy of a Fourier coefficient", x: Chart.Axis("frequency / cycles per voxel"),
      y: Chart.Axis("mean energy", scale: .logarithmic), series: lines)
  }
}
