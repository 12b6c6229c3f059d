public import Fields
import Foundation
public import MissingWedge
import Plots
public import Projection
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

  public var drawing: CoverageDrawing {
    let (low, high) = (degrees.min() ?? 0, degrees.max() ?? 0)
    return CoverageDrawing(
      coverage, title: "\(degrees.count) tilts, \(words(low))° to \(words(high))°")
  }

  /// Writes `NAME.coverage.svg` and `NAME.coverage.png`.
  public func write(_ name: String) throws {
    let svg = name + ".coverage.svg"
    try checkFolder(of: svg)
    do {
      try Data(drawing.svg.utf8).write(to: URL(fileURLWithPath: svg), options: .atomic)
    } catch {
      throw WorkflowError.unwritable(path: svg, reason: "the system refused")
    }
    try Picture(coverage, size: 513).write(to: name + ".coverage.png")
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
    try checkFolder(of: target.path)
    follower.beforeFiles()
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
    _ = try writer.finish()
  }
}
