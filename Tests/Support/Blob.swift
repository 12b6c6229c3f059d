public import Fields
import Foundation

/// A Gaussian of height 1 that fills every slice alike: for tests of places.
public struct Blob: Sendable {
  /// Its centre, in voxels from the centre of the volume.
  public let (x, z): (Double, Double)
  public let sigma: Double

  public init(x: Double, z: Double, sigma: Double) { (self.x, self.z, self.sigma) = (x, z, sigma) }

  /// `∫∫ blob`, over one slice.
  public var mass: Double { 2 * .pi * sigma * sigma }

  /// `√(2π) σ exp(−(s − s_c)² / 2σ²)`: its exact line integrals.
  public func project(
    _ shape: TiltSeriesShape, degrees: [Double], axisOffset: Double = 0, zOffset: Double = 0
  ) -> TiltSeries {
    var series = TiltSeries(zeros: shape, tilts: degrees)
    for (tilt, angle) in degrees.enumerated() {
      let (c, s) = (cos(angle * .pi / 180), sin(angle * .pi / 180))
      let landing = x * c + (z + zOffset) * s + Double(shape.binCount - 1) / 2 + axisOffset
      for bin in 0..<shape.binCount {
        let distance = (Double(bin) - landing) / sigma
        let value = Float((2 * .pi).squareRoot() * sigma * exp(-distance * distance / 2))
        for y in 0..<shape.sliceCount { series[tilt, y, bin] = value }
      }
    }
    return series
  }
}

/// `Σ v² r / Σ v²` over one slice, in voxels from the centre of the volume.
///
/// Squares keep faint streaks from moving the centre.
public func squareWeightedCentre(of volume: Volume, slice: Int) -> (x: Double, z: Double) {
  var (sum, x, z) = (0.0, 0.0, 0.0)
  for row in 0..<volume.shape.depth {
    for column in 0..<volume.shape.width {
      let value = Double(volume[column, slice, row])
      sum += value * value
      x += value * value * (Double(column) - Double(volume.shape.width - 1) / 2)
      z += value * value * (Double(row) - Double(volume.shape.depth - 1) / 2)
    }
  }
  return (x / sum, z / sum)
}
