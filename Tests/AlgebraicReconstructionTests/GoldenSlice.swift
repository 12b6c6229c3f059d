import Fields
import Foundation
import Projection
import Reconstruction
import TestSupport

/// The slice that Golden/make_algebra.py works on.
enum GoldenSlice {
  static let (width, depth, bins) = (17, 14, 21)
  static let degrees = tilts(to: 65, step: 10)
  static let runCount = width * depth

  static func geometry(_ sliceCount: Int) throws -> TiltGeometry {
    try TiltGeometry(
      volume: VolumeShape(width: width, depth: depth, sliceCount: sliceCount),
      series: TiltSeriesShape(tiltCount: 14, binCount: bins, sliceCount: sliceCount),
      degrees: degrees, axisOffset: 0.75, zOffset: -1.5)
  }

  /// Slice y holds `scale(y)` times the golden sinogram.
  static func series(
    _ sliceCount: Int, of name: String = "series.f32", scale: (Int) -> Float
  ) throws -> TiltSeries {
    var series = TiltSeries(zeros: try geometry(sliceCount).series, tilts: degrees)
    for (i, value) in try goldenFloats(name, in: .module).enumerated() {
      for y in 0..<sliceCount { series[i / bins, y, i % bins] = scale(y) * value }
    }
    return series
  }

  /// Slice y holds `scale(y)` times a golden slice.
  static func volume(
    _ name: String, variant: Int, _ sliceCount: Int, scale: (Int) -> Float
  ) throws -> Volume {
    let golden = try goldenFloats(name, in: .module)
    var volume = Volume(zeros: try geometry(sliceCount).volume)
    for i in 0..<runCount {
      for y in 0..<sliceCount {
        volume[i % width, y, i / width] = scale(y) * golden[variant * runCount + i]
      }
    }
    return volume
  }

  /// Noise about 1 in every true value.
  static func noisySeries(_ sliceCount: Int, seed: UInt64 = 3) throws -> TiltSeries {
    var series = TiltSeries(zeros: try geometry(sliceCount).series, tilts: degrees)
    let values = noise(count: series.shape.slabs.valueCount, seed: seed)
    for i in 0..<values.count {
      let (line, bin) = i.quotientAndRemainder(dividingBy: bins)
      series[line / sliceCount, line % sliceCount, bin] = 4 + 4 * values.span[i]
    }
    return series
  }

  /// Whether groups and workers leave every bit of a method's result as it is.
  static func isInvariant(_ method: some SliceWiseMethod, sliceCount: Int) throws -> Bool {
    let (series, geometry) = (try noisySeries(sliceCount), try geometry(sliceCount))
    let (expected, report) = try method.reconstruct(
      series, geometry, from: nil, workers: Workers(1))
    return try [1, 2, 5].allSatisfy { workers in
      try [1, 2, 3].allSatisfy { slabs in
        let store = MemoryStore(
          FloatStorage(zeros: geometry.volume.slabs.count), geometry.volume.slabs)
        let found = try SliceWiseRun(
          method, geometry, slabsPerGroup: slabs, workers: Workers(workers)
        ).reconstruct(MemoryStore(series.projections, geometry.series.slabs), into: store)
        return areIdentical(store.field, expected.voxels) && found.history == report.history
      }
    }
  }
}
