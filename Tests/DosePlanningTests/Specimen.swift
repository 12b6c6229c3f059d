import Fields
import Foundation
import Phantoms

/// Solids in 1 nm voxels.
func phantom(size: String, _ objects: [String]) throws -> Phantom {
  let text = """
    {"name": "test", "description": "", "unit": "nm", "voxelSize": 1, "size": \(size),
     "objects": [\(objects.joined(separator: ", "))]}
    """
  return try Phantom(try PhantomRecipe(Data(text.utf8), from: "test.json"))
}

func ball(_ x: Double, _ y: Double, _ z: Double, radius: Double) -> String {
  #"{"shape": "sphere", "centre": [\#(x), \#(y), \#(z)], "radius": \#(radius), "density": 1}"#
}

/// Two balls that stay within the bins at every tilt.
func inView() throws -> Phantom {
  try phantom(
    size: "[64, 24, 64]", [ball(4, 0, -6, radius: 9), ball(-10, 3, 5, radius: 6)])
}

/// Balls in a wide field, most of which come into view or leave it.
func leaving() throws -> Phantom {
  let balls = (0..<60).map { index in
    let place = { (step: Double, width: Double) in
      ((Double(index + 1) * step).truncatingRemainder(dividingBy: 1) - 0.5) * width
    }
    return ball(
      place(0.618034, 150), place(0.754878, 24), place(0.569840, 60),
      radius: 3 + Double(index % 4))
  }
  return try phantom(size: "[64, 24, 64]", balls)
}

/// In which order 71 tilts are taken.
enum Scheme: CaseIterable {
  case oneWay, symmetric, interleaved

  /// The place of each page.
  var positions: [Double] {
    let pages = Array(0..<71)
    let sequence: [Int] =
      switch self {
      case .oneWay: pages
      case .symmetric: [35] + (1...35).flatMap { [35 + $0, 35 - $0] }
      case .interleaved: pages.filter { $0 % 2 == 0 } + pages.filter { $0 % 2 == 1 }
      }
    var positions = Array(repeating: 0.0, count: 71)
    for (place, page) in sequence.enumerated() { positions[page] = Double(place + 1) }
    return positions
  }
}

/// 71 tilts of ±70° under noise of 2 % of the largest value, having lost `loss` by the last electron.
func series(of phantom: Phantom, _ scheme: Scheme, loss: Double, seed: UInt64) throws -> TiltSeries
{
  var series = phantom.project(degrees: (0..<71).map { -70 + 2 * Double($0) })
  for (tilt, position) in scheme.positions.enumerated() {
    let left = Float(1 - loss * (position - 0.5) / 71)
    for y in 0..<series.shape.sliceCount {
      for bin in 0..<series.shape.binCount { series[tilt, y, bin] *= left }
    }
  }
  _ = try NoiseModel.relativeGaussian(fraction: 0.02).apply(to: &series, seed: seed)
  return series
}
