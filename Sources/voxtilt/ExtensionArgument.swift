import SeriesIO
import ArgumentParser
import Fields
import Projection
import Workflow

/// `--extend`: a number of voxels, or as many as follow from depth and tilts.
enum ExtensionArgument: ExpressibleByArgument, Equatable {
  case voxels(Int)
  case auto

  init?(argument: String) {
    if argument == "auto" {
      self = .auto
    } else if let count = Int(argument) {
      self = .voxels(count)
    } else {
      return nil
    }
  }

  func count(_ source: SeriesSource, width: Int?, depth: Int?, tiltOffset: Double) -> Int {
    switch self {
    case .voxels(let count): count
    case .auto:
      TiltGeometry.extensionCount(
        width: width ?? source.shape.binCount, depth: depth ?? source.shape.binCount,
        binCount: source.shape.binCount, degrees: source.tilts.map { $0 + tiltOffset })
    }
  }
}
