public import SeriesIO
public import Fields
public import Files
import Foundation
public import MissingWedge
import Plots
public import Projection
public import Reconstruction
public import Records
import StackIO

/// From tilts to what they sample: numbers, a map as SVG and PNG, a mask of any size.
public struct CoverageRecipe: Sendable {
  public let coverage: TiltCoverage
  public let degrees: [Double]

  /// - Parameter degrees: one angle a tilt.
  public init(degrees: [Double]) {
    self.degrees = degrees
    coverage = TiltCoverage(degrees.map { $0 * .pi / 180 })
  }

  public var summary: CoverageSummary { CoverageSummary(coverage, degrees: degrees) }

  public var drawing: CoverageDrawing { CoverageDrawing(coverage, degrees: degrees) }

  /// The door for `NAME.wedge.json` and what goes beside it.
  ///
  /// - Parameter hasProbes: whether a method's point spreads go there, too.
  public static func files(
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
  public func write(
    _ name: String, _ files: ResultFiles, _ spreads: [PointSpread],
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
public struct WedgeMaskRecipe: Sendable {
  public let coverage: CoverageRecipe
  public let shape: VolumeShape
  /// Degrees over which its edge rises.
  public let softness: Double
  public let target: StackTarget
  /// Bytes.
  public var memoryLimit = MemoryPlan.standardLimit
  public var command: [String] = []
  /// Where the angles were read.
  public var inputs: [Fingerprint] = []

  public init(
    _ coverage: CoverageRecipe, _ shape: VolumeShape, softness: Double, to target: StackTarget
  ) {
    (self.coverage, self.shape, self.softness, self.target) = (coverage, shape, softness, target)
  }

  public func run(_ follower: Follower) throws {
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
