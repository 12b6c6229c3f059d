import AlgebraicReconstruction
import Fields
import AnalyticReconstruction
import Foundation
import Projection
import Reconstruction
import StackIO
import TestSupport
import Testing

/// The aligned NIST needle: 77 × 256 × 256, tilt axis along the rows, −76…76° by 2°.
private let needlePath: String? = sequence(first: packageFolder) { folder in
  folder.path == "/" ? nil : folder.deletingLastPathComponent()
}
.map { $0.appending(path: "shared/data/needle/needle_aligned.tif").path }
.first { FileManager.default.fileExists(atPath: $0) }

@Suite("The round needle")
struct NeedleTests {
  static let isHere: Comment = "shared/data/needle/needle_aligned.tif is not beside the package"

  @Test(
    "comes out round and in one place by every method", .enabled(if: needlePath != nil, isHere))
  func round() throws {
    let degrees = tilts(to: 76, step: 2)
    let series = try readColumns([100, 128], degrees: degrees)
    let geometry = try TiltGeometry(
      volume: VolumeShape(width: 256, depth: 256, sliceCount: 2), series: series.shape,
      degrees: degrees)
    let methods: [(method: any ReconstructionMethod, ratio: ClosedRange<Double>)] = [
      (FilteredBackProjection(), 0.95...1.05),
      (try SIRT(), 0.95...1.05),
      (try SIRT(isNonNegative: true), 0.93...1.05),
    ]
    var first: [Moments] = []
    for (method, ratio) in methods {
      let (volume, _) = try method.reconstruct(
        series, geometry, from: nil, workers: .all, monitor: .silent)
      let found = [0, 1].map { Moments(of: volume, slice: $0) }
      for (k, moments) in found.enumerated() {
        #expect(ratio.contains(moments.ratio), "\(method.name) \(method.settings) slice \(k)")
        if first.count > k {
          let (dx, dz) = (moments.x - first[k].x, moments.z - first[k].z)
          #expect((dx * dx + dz * dz).squareRoot() < 0.5, "\(method.name) slice \(k)")
        }
      }
      if first.isEmpty { first = found }
    }
  }

  /// Some columns of every page, as slices.
  private func readColumns(_ columns: [Int], degrees: [Double]) throws -> TiltSeries {
    var reader = try StackReader(path: try #require(needlePath))
    #expect(
      reader.info.shape == StackShape(pageCount: degrees.count, rowCount: 256, columnCount: 256))
    let whole = SlabShape(sliceCount: 256, pageCount: 1, positionCount: 256)
    var series = TiltSeries(
      zeros: TiltSeriesShape(
        tiltCount: degrees.count, binCount: 256, sliceCount: columns.count), tilts: degrees)
    var pixels = FloatStorage(zeros: whole.valueCount)
    var page = FloatStorage(zeros: whole.count)
    for tilt in degrees.indices {
      var picture = pixels.mutableSpan
      try reader.readPage(tilt, into: &picture)
      var field = page.mutableSpan
      PageMap(whole, axis: .x).place(pixels.span, page: 0, into: &field)
      for (slice, column) in columns.enumerated() {
        for bin in 0..<256 {
          series[tilt, slice, bin] =
            page.span[whole.index(slice: column, page: 0, position: bin)]
        }
      }
    }
    return series
  }

  /// Centroid and roundness of the mask above half of a slice's largest value.
  private struct Moments {
    let (x, z): (Double, Double)
    /// Root of the second moment along the beam over that across it.
    let ratio: Double

    init(of volume: Volume, slice: Int) {
      let (width, depth) = (volume.shape.width, volume.shape.depth)
      let places = (0..<depth).flatMap { z in (0..<width).map { x in (x, z) } }
      let largest = places.map { volume[$0.0, slice, $0.1] }.max() ?? 0
      let inside = places.filter { volume[$0.0, slice, $0.1] > largest / 2 }
      func mean(_ value: ((Int, Int)) -> Double) -> Double {
        inside.reduce(0) { $0 + value($1) } / Double(inside.count)
      }
      let (cx, cz) = (mean { Double($0.0) }, mean { Double($0.1) })
      (x, z) = (cx, cz)
      ratio =
        (mean { (Double($0.1) - cz) * (Double($0.1) - cz) }
        / mean { (Double($0.0) - cx) * (Double($0.0) - cx) }).squareRoot()
    }
  }
}
