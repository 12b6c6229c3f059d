package import SeriesIO
package import Fields
package import Files
import Projection
package import Reconstruction
import Records
import StackIO

/// From a volume and its tilts to the part that was inferred and not measured, as a volume with its
/// sidecar, and the energies of both parts.
package struct WedgeSplitRecipe: Sendable {
  package let path: String
  package let target: StackTarget
  /// Degrees; by default those that the volume's sidecar tells.
  package var degrees: [Double]?
  /// The file that the angles stand in.
  package var tiltFile: Fingerprint?
  /// Which way the tilt axis runs in the pictures; by default as the sidecar tells, else y.
  package var axis: TiltAxis?
  /// Degrees over which the edge of the mask rises.
  package var softness = 0.0
  /// A volume that the error is measured against.
  package var truth: String?
  package var workers = Workers.all
  /// Bytes.
  package var memoryLimit = MemoryPlan.standardLimit
  package var command: [String] = []

  package init(_ path: String, to target: StackTarget) { (self.path, self.target) = (path, target) }

  package struct Outcome: Sendable {
    package let coverage: CoverageSummary
    package let energy: EnergySplit
    /// Of the error against the truth, where there is one.
    package let error: EnergySplit?
    package let sidecar: Sidecar
  }

  package func run(_ follower: Follower) throws -> Outcome {
    let files = try target.files(
      against: [path] + [truth, tiltFile?.path].compactMap(\.self),
      beside: [".energy.csv", ".energy.svg"])
    try checkMemory()
    let reader = try StackReader(path: path)
    let fingerprint = try reader.fingerprint()
    let (known, mismatch) = Sidecar.known(of: RecordedFile(fingerprint))
    guard let degrees = degrees ?? known?.geometry?.tilts else {
      throw SeriesError.noTilts(path: path)
    }
    let axis = axis ?? known?.geometry?.tiltAxis ?? .y
    let clock = ContinuousClock()
    let began = clock.now
    let (volume, input) = try readVolume(path, axis: axis) { page, count in
      try follower.advance(.reading, page + 1, of: count)
    }
    let computed = clock.now
    let coverage = CoverageRecipe(degrees: degrees)
    let energy = EnergySplit(volume, coverage.coverage, workers: workers)
    var inputs = [input]
    let error = try truth.map { path in
      let (truth, file) = try readVolume(path, axis: axis)
      inputs.append(file)
      guard truth.shape == volume.shape else {
        throw ComparisonError.shapes(volume.shape.words, truth.shape.words)
      }
      return EnergySplit(errorOf: volume, against: truth, coverage.coverage, workers: workers)
    }
    let filter = WedgeFilter(
      coverage.coverage, shape: volume.shape, softness: softness * .pi / 180)
    let inferred = filter.inferredPart(of: volume, workers: workers)
    let writing = clock.now
    var target = target
    (target.axis, target.pixelSize, target.pageSpacing) = (
      axis, volume.voxelSize, volume.voxelSize
    )
    follower.begin(files)
    let (receipt, stack) = try target.write(
      MemoryStore(inferred.voxels, inferred.shape.slabs), follower)
    var sidecar = Sidecar(
      command: command,
      output: RecordedFile(receipt, sha256: try files.add(stack), voxelSize: volume.voxelSize),
      geometry: Sidecar.Geometry(degrees, axis: axis.rawValue, axisOffset: 0),
      method: "component in the missing wedge",
      seconds: Sidecar.Seconds(began, computed, writing))
    sidecar.inputs = inputs + RecordedFile.each([tiltFile])
    sidecar.settings = ["softness": .number(softness)]
    sidecar.warnings = [mismatch].compactMap(\.self)
    let name = basePath(of: target.path)
    try files.add(try energy.table(error: error), at: name + ".energy.csv")
    if let chart = energy.chart(error: error) { try files.add(chart, at: name + ".energy.svg") }
    sidecar = try files.finish(sidecar)
    return Outcome(
      coverage: coverage.summary, energy: energy, error: error, sidecar: sidecar)
  }
}

extension VolumeShape {
  fileprivate var words: String { "\(width) × \(sliceCount) × \(depth)" }
}
