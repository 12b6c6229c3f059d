import Fields
import Foundation
import Phantoms
import Preparation
import TestSupport

/// A simulated series as pages, with faults put in.
struct Scene {
  var pages: [Image]
  var tilts = Array(stride(from: -70.0, through: 70, by: 5))
  var axis = TiltAxis.y
  var recorded: [Double]?

  /// Particles of 64 × 32 × 64 voxels with 2 % noise.
  init(_ name: String = "particles", seed: UInt64 = 7, voxelSize: Double = 0.5) throws {
    let path = packageFolder.appending(path: "phantoms/\(name).json").path
    let phantom = try Phantom(
      PhantomRecipe(reading: path),
      volume: VolumeShape(width: 64, depth: 64, sliceCount: 32), voxelSize: voxelSize)
    var series = phantom.project(degrees: tilts)
    _ = try NoiseModel.relativeGaussian(fraction: 0.02).apply(to: &series, seed: seed)
    let shape = series.shape
    let all = series
    pages = (0..<shape.tiltCount).map { tilt in
      Image(
        (0..<shape.sliceCount).flatMap { y in (0..<shape.binCount).map { all[tilt, y, $0] } },
        columnCount: shape.binCount)
    }
  }

  func check() -> SeriesCheck {
    var context = SeriesContext(tilts: tilts, axis: axis)
    (context.recordedTilts, context.recordedIn) = (recorded, "the header")
    context.pixelSize = 0.5
    return SeriesCheck(
      pages.map { PageSurvey($0) }, context, pixelCount: pages[0].pixels.count, workers: .all)
  }

  /// Findings of one kind that are worse than a note.
  func complaints(_ kind: Finding.Kind) -> [Finding] {
    check().findings.filter { $0.kind == kind && $0.verdict > .note }
  }
}

/// Pages in memory.
struct HeldPages: PageSequence {
  var pages: [Image]
  var tilts: [Double]
  var numbers: [Int] { Array(1...pages.count) }
  var size: ImageSize {
    ImageSize(rowCount: pages[0].rowCount, columnCount: pages[0].columnCount)
  }

  init(_ pages: [Image], tilts: [Double]? = nil) {
    (self.pages, self.tilts) = (pages, tilts ?? pages.map { _ in 0 })
  }

  func map<Result: Sendable>(
    _ work: @escaping @Sendable (_ index: Int, _ page: Image) -> Result
  ) -> [Result] {
    pages.enumerated().map { work($0, $1) }
  }
}

func page(_ name: String) throws -> Image {
  Image(try goldenFloats(name, in: .module), columnCount: 40)
}

/// A page of `rows` × `columns` equal values.
func flat(_ value: Float, rows: Int = 16, columns: Int = 16) -> Image {
  Image([Float](repeating: value, count: rows * columns), columnCount: columns)
}
