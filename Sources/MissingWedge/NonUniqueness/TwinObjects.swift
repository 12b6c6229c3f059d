package import Fields
import Projection
import RealModule

/// Two different objects with the same projection at 0°: a pair of particles behind each other, and one
/// feature that is drawn out along the beam.
///
///     A = Σ_± exp(−(x² + (z ∓ d)²) / 2σ²),   B = (2σ/τ) exp(−x² / 2σ² − z² / 2τ²)
///
/// Both project to `2 √(2π) σ exp(−x² / 2σ²)` along z. Every other tilt tells them apart.
package struct TwinObjects: Sendable {
  /// Single slices of `size` × `size` voxels.
  package let pair: Volume
  package let single: Volume

  /// - Parameter size: voxels along x and z.
  package init(size: Int) {
    let unit = Double(size) / 128
    let (sigma, distance, length) = (6 * unit, 26 * unit, 17 * unit)
    pair = .slice(size) { x, z in
      Double.exp(-(x * x + (z - distance) * (z - distance)) / (2 * sigma * sigma))
        + Double.exp(-(x * x + (z + distance) * (z + distance)) / (2 * sigma * sigma))
    }
    single = .slice(size) { x, z in
      2 * sigma / length
        * Double.exp(-x * x / (2 * sigma * sigma) - z * z / (2 * length * length))
    }
  }

  /// The projections of both at one tilt, one value a bin.
  package func projections(degrees: Double) throws -> (pair: [Double], single: [Double]) {
    (try pair.projected([degrees]), try single.projected([degrees]))
  }
}

extension Volume {
  /// A single slice of values at (x, z) from the centre.
  static func slice(_ size: Int, _ value: (_ x: Double, _ z: Double) -> Double) -> Volume {
    var volume = Volume(zeros: VolumeShape(width: size, depth: size, sliceCount: 1))
    let middle = Double(size - 1) / 2
    for k in 0..<size {
      for i in 0..<size { volume[i, 0, k] = Float(value(Double(i) - middle, Double(k) - middle)) }
    }
    return volume
  }

  /// The projections of a single slice, `[tilt][bin]`, as many bins as it is wide.
  func projected(_ degrees: [Double]) throws(GeometryError) -> [Double] {
    let series = TiltSeriesShape(
      tiltCount: degrees.count, binCount: shape.width, sliceCount: 1)
    let projector = ParallelProjector(
      try TiltGeometry(volume: shape, series: series, degrees: degrees))
    var projections = FloatStorage(zeros: projector.rangeCount)
    projector.apply(voxels.span, into: projections.mutableSpan)
    return (0..<projections.count).map { Double(projections.span[$0]) }
  }
}
