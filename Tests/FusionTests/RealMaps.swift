import Fields
import Foundation
import Fusion
import TestSupport
import Statistics

/// HAADF and maps with a known truth, 96 × 96 pixels.
protocol RealMaps {}

extension RealMaps {
  var side: Int { 96 }

  func image(_ value: (_ row: Int, _ column: Int) -> Double) -> [Double] {
    (0..<side * side).map { value($0 / side, $0 % side) }
  }

  /// HAADF with a normal noise of `sigma`, and Poisson maps of `counts` where a concentration is 1.
  func detectors(
    _ truth: [(symbol: String, x: [Double], weight: Double)], counts: Double, sigma: Double,
    exponent: Double = 1, extra: [Double]? = nil, seed: UInt64 = 1
  ) throws -> ImageDetectors {
    func drawn(_ k: Int, _ i: Int) -> SplitMix64 {
      SplitMix64(seed: seed, tilt: k, slice: i / side, bin: i % side)
    }
    let haadf = (0..<side * side).map { i in
      var random = drawn(0, i)
      let signal = truth.reduce(extra?[i] ?? 0) {
        $0 + $1.weight * Double(Foundation.pow($1.x[i], exponent))
      }
      return Float(signal + sigma * random.gaussian())
    }
    return ImageDetectors(
      Image(haadf, columnCount: side),
      try truth.enumerated().map { e, element in
        let counted = (0..<side * side).map { i in
          var random = drawn(e + 1, i)
          return Float(Poisson(mean: counts * element.x[i]).sample(using: &random))
        }
        return ImageDetectors.Map(
          try ChemicalElement(element.symbol),
          Image(counted, columnCount: side))
      })
  }

  func radius(_ row: Int, _ column: Int) -> Double {
    let middle = 0.5 * Double(side - 1)
    let (y, x) = (Double(row) - middle, Double(column) - middle)
    return (y * y + x * x).squareRoot()
  }

  /// `Σ` over pixels where `isIn`, of a field or a picture.
  func sum(_ picture: Image, _ isIn: (Int) -> Bool) -> Double {
    let pixels = picture.pixels
    return pixels.indices.reduce(0.0) { isIn($1) ? $0 + Double(pixels[$1]) : $0 }
  }

  /// Gaussian columns, 16 pixels apart.
  func lattice(_ offset: Int) -> [Double] {
    image { row, column in
      let (y, x) = ((row - offset + 8) & 15 - 8, (column - offset + 8) & 15 - 8)
      return Foundation.exp(-Double(x * x + y * y) / 8)
    }
  }

  func concentration(_ result: FusionResult, _ e: Int) -> Image {
    Image(
      result.concentrations.span.extracting(e * result.voxelCount..<(e + 1) * result.voxelCount),
      SlabShape(sliceCount: side, pageCount: 1, positionCount: side))
  }
}
