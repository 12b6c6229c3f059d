package import SeriesIO
import DenseAlgebra
import Fields
import Files
import Foundation
import Imaging
import Plots
package import Reconstruction
import Records
package import Spectroscopy
import StackIO

/// What the command `spectrum` does: read → method → table, chart and sidecar.
package struct SpectrumRecipe: Sendable {
  package let path: String
  package var task: SpectrumTask
  /// The table that is written.
  package let output: String
  /// The low-loss spectrum that goes with an edge.
  package var lowLoss: String?
  /// The energy axis of a TIFF or MRC spectrum, which has none of its own.
  package var axis: EnergyAxis?
  /// Bytes.
  package var memoryLimit = MemoryPlan.standardLimit
  package var command: [String] = []
  /// Whether files that voxtilt did not write may be replaced.
  package var overwrites = false

  package init(_ path: String, _ task: SpectrumTask, to output: String) {
    (self.path, self.task, self.output) = (path, task, output)
  }

  package func run(_ follower: Follower) throws -> Sidecar {
    guard output.lowercased().hasSuffix(".csv") else { throw WorkflowError.notCSV(path: output) }
    let paths = [path] + [lowLoss].compactMap(\.self)
    let files = try ResultFiles(output, inputs: paths, overwrites: overwrites)
    let picture = basePath(of: output) + ".svg"
    try files.claim(picture)
    let inputs = try paths.map { try Fingerprint(path: $0) }
    try checkMemory()
    let clock = ContinuousClock()
    let began = clock.now
    let spectrum = try readSpectrum(path)
    let low = try lowLoss.map { try readSpectrum($0) }
    let computed = clock.now
    let work = try SpectrumAnalysis(of: spectrum, task, low)
    let writing = clock.now
    follower.begin(files)
    let table = try OutputFile(path: output, Array(try work.table().contents()))
    try files.add(work.chart(), at: picture)
    var sidecar = Sidecar(
      command: command, output: RecordedFile(path: output, sha256: try files.add(table)),
      method: task.method.rawValue,
      seconds: Sidecar.Seconds(began, computed, writing))
    sidecar.inputs = RecordedFile.each(inputs)
    (sidecar.settings, sidecar.warnings) = (work.settings, work.warnings)
    sidecar.stopReason = .direct
    return try files.finish(sidecar)
  }

  /// `energy_eV,counts`, or one line of pixels with an axis that was given.
  private func readSpectrum(_ path: String) throws -> Spectrum {
    if StackFormat(pathExtension: (path as NSString).pathExtension) == nil {
      let table = try NumberTable(reading: path)
      guard table.matrix.columnCount >= 2 else {
        throw WorkflowError.notASpectrum(path: path, reason: "it has a single column")
      }
      return try Spectrum(energies: table.matrix.column(0), counts: table.matrix.column(1))
    }
    let (grid, field, _) = try readPages(path)
    guard grid.rowCount == 1, grid.planeCount == 1 else {
      throw WorkflowError.notASpectrum(path: path, reason: "it has more than one line of pixels")
    }
    guard let axis else {
      throw WorkflowError.notASpectrum(path: path, reason: "it contains no energies (--axis)")
    }
    return try Spectrum(
      energies: (0..<grid.count).map { axis.start + Double($0) * axis.step },
      counts: (0..<grid.count).map { Double(field.span[$0]) })
  }
}

/// The energy of the first channel and the step, eV.
package struct EnergyAxis: Sendable, Hashable {
  package let start: Double
  package let step: Double

  /// Reads `start:step`.
  package init?(_ text: String) {
    let numbers = text.split(separator: ":", omittingEmptySubsequences: false).map { Double($0) }
    guard numbers.count == 2, let start = numbers[0], let step = numbers[1], start.isFinite,
      step > 0, step.isFinite
    else { return nil }
    (self.start, self.step) = (start, step)
  }
}
