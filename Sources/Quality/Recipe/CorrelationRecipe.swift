import SeriesIO
package import Fields
import Foundation
import Plots
import Projection
package import Reconstruction
import Records
package import StackIO
import Transforms

/// The Fourier shell correlation of two volumes, or ring correlation of two images.
package struct CorrelationRecipe: Sendable {
  package let first: String
  package let second: String
  /// Of the series; the missing wedge is left out. `nil` compares all of Fourier space.
  package var tilts: TiltAngles?
  package var axis = TiltAxis.y
  /// The part of each side over which the volumes fade out.
  package var taper = QualityStudy.taper
  /// nm; `nil` takes what the files tell.
  package var voxelSize: Double?
  /// Where files go, `PREFIX.fsc.json` and its companions; `nil` writes none.
  package var prefix: String?
  /// Whether files that voxtilt did not write may be replaced.
  package var overwrites = false
  package var workers = Workers.all
  /// Bytes.
  package var memoryLimit = MemoryPlan.standardLimit
  package var command: [String] = []

  package init(_ first: String, _ second: String) { (self.first, self.second) = (first, second) }

  package func run(_ follower: Follower) throws -> CorrelationRecord {
    let files = try prefix.map {
      try QualityFiles(correlation: $0, inputs: [first, second], overwrites: overwrites)
    }
    let infos = try [first, second].map { try StackReader(path: $0).info }
    let shapes = infos.map { info in
      VolumeShape(
        width: axis == .y ? info.shape.columnCount : info.shape.rowCount,
        depth: info.shape.pageCount,
        sliceCount: axis == .y ? info.shape.rowCount : info.shape.columnCount)
    }
    guard shapes[0] == shapes[1] else { throw QualityError.shapes(shapes[0], shapes[1]) }
    let isPlane = shapes[0].depth == 1
    guard !isPlane || tilts == nil else { throw QualityError.wedgeOfPlane(path: first) }
    if voxelSize == nil, let one = infos[0].pixelSize, let other = infos[1].pixelSize,
      abs(one - other) > 0.01 * one
    {
      throw QualityError.voxelSizes(one, other)
    }
    try checkMemory()
    let count = 2 * shapes[0].depth
    let read = try [first, second].enumerated().map { index, path in
      try readVolume(path, axis: axis) { page, _ in
        try follower.advance(.reading, index * shapes[0].depth + page + 1, of: count)
      }
    }
    let volumes = read.map(\.volume)
    let coverage = tilts.map { TiltCoverage($0.degrees.map { $0 * .pi / 180 }) }
    let sums = ShellSums(
      SpectrumPair(volumes[0], volumes[1], taper: taper, workers: workers),
      mask: coverage?.mask(width: shapes[0].width, depth: shapes[0].depth), workers: workers)
    let size = voxelSize ?? infos[0].pixelSize ?? infos[1].pixelSize
    let likeness = Likeness(of: volumes[0], and: volumes[1], workers: workers)
    let record = CorrelationRecord(
      StackCorrelation(
        correlation: CorrelationResult(sums, voxelSize: size, likeness: likeness),
        sampledFraction: coverage?.sampledFraction ?? 1, isPlane: isPlane),
      command: command, inputs: read.map(\.file), warnings: [words(likeness)].compactMap(\.self))
    guard let files else { return try record.verified() }
    follower.begin(files.door)
    return try files.write(record)
  }

  /// Where the two cannot tell a resolution, why.
  private func words(_ likeness: Likeness) -> String? {
    switch likeness {
    case .constant(let whose):
      let culprit =
        switch whose {
        case .first: "'\(first)' has"
        case .second: "'\(second)' has"
        case .both: "both files have"
        }
      return """
        Not measured: \(culprit) one value everywhere, so there is nothing to correlate. \
        Check the file.
        """
    case .same(let factor):
      let what =
        abs(factor - 1) <= 1e-6
        ? "The two files contain the same data"
        : "The second is the first times \(factor.digits(3))"
      return """
        \(what), so the correlation says nothing about resolution. \
        Give two files that were measured and computed independently.
        """
    case .different: return nil
    }
  }
}
