package import SeriesIO
package import Fields
package import Files
import Foundation
import Plots
package import Projection
package import Reconstruction
package import Records
import StackIO

/// From tilts to what they sample: numbers, a map as SVG and PNG, a mask of any size.
package struct CoverageRecipe: Sendable {
  package let coverage: TiltCoverage
  package let degrees: [Double]

  /// - Parameter degrees: one angle a tilt.
  package init(degrees: [Double]) {
    self.degrees = degrees
    coverage = TiltCoverage(degrees.map { $0 * .pi / 180 })
  }

  package var summary: CoverageSummary { CoverageSummary(coverage, degrees: degrees) }

  package var drawing: CoverageDrawing { CoverageDrawing(coverage, degrees: degrees) }

  /// The door for `NAME.wedge.json` and what goes beside it.
  ///
  /// - Parameter hasProbes: whether a method's point spreads go there, too.
  package static func files(
    _ name: String, hasProbes: Bool, inputs: [String], overwrites: Bool
  ) throws -> ResultFiles {
    let files = try ResultFiles(
      record: name + ".wedge.json", inputs: inputs, overwrites: overwrites)
    let probes = ["blob", "sphere"].flatMap { probe in
      ["csv", "svg", "png"].map { ".\(probe).\($0)" }
    }
    for ending in [".coverage.svg", ".coverage.png"] + (hasProbes ? probes : []) {
      try files.claim(name + ending)
    }
    return files
  }

  /// Writes `NAME.coverage.svg` and `NAME.coverage.png`, the point spreads of a method, and `NAME.wedge.json`.
  package func write(
    _ name: String, _ files: ResultFiles, _ spreads: [WedgePointSpread],
    _ facts: some Encodable & Sendable,
    command: [String], inputs: [Fingerprint], _ follower: Follower
  ) throws {
    follower.begin(files)
    try files.add(Data(drawing.svg.utf8), at: name + ".coverage.svg")
    try files.add(Picture(coverage, size: 513), at: name + ".coverage.png")
    try PointSpreadRecipe.add(spreads, to: files, name)
    try files.finish(
      Recorded(facts, command: command, inputs: RecordedFile.each(inputs)))
  }
}

/// The mask of what is sampled, as a stack: page kz, rows ky, columns kx, frequency 0 in the middle.
package struct WedgeMaskRecipe: Sendable {
  package let coverage: CoverageRecipe
  package let shape: VolumeShape
  /// Degrees over which its edge rises.
  package let softness: Double
  package let target: StackTarget
  /// Bytes.
  package var memoryLimit = MemoryPlan.standardLimit
  package var command: [String] = []
  /// Where the angles were read.
  package var inputs: [Fingerprint] = []

  package init(
    _ coverage: CoverageRecipe, _ shape: VolumeShape, softness: Double, to target: StackTarget
  ) {
    (self.coverage, self.shape, self.softness, self.target) = (coverage, shape, softness, target)
  }

  package func run(_ follower: Follower) throws {
    let (width, depth) = (shape.width, shape.depth)
    try checkMemory()
    let mask = coverage.coverage.mask(
      width: width, depth: depth, softness: softness * .pi / 180)
    let files = try ResultFiles(target.path, inputs: [], overwrites: target.overwrites)
    follower.begin(files)
    let began = ContinuousClock.now
    var writer = try StackWriter(
      path: target.path,
      shape: StackShape(pageCount: depth, rowCount: shape.sliceCount, columnCount: width),
      encoding: target.encoding)
    var page = FloatStorage(zeros: shape.sliceCount * width)
    for k in 0..<depth {
      var pixels = page.mutableSpan
      let row = (k + depth - depth / 2) % depth * width
      for i in 0..<width {
        let value = mask.span[row + (i + width - width / 2) % width]
        for j in 0..<shape.sliceCount { pixels[j * width + i] = value }
      }
      try writer.write(page.span, page: k)
      try follower.advance(.writing, k + 1, of: depth)
    }
    let (receipt, stack) = try writer.seal()
    var sidecar = Sidecar(
      command: command,
      output: RecordedFile(receipt, sha256: try files.add(stack), voxelSize: nil),
      geometry: Sidecar.Geometry(coverage.degrees, axis: "y", axisOffset: 0),
      method: "mask of the sampled part of Fourier space",
      seconds: Sidecar.Seconds(began, began, began))
    sidecar.inputs = RecordedFile.each(inputs)
    sidecar.settings = ["softness": .number(softness)]
    try files.finish(sidecar)
  }
}
