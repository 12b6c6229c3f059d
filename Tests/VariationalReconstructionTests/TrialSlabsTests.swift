import VariationalReconstruction
import Fields
import Inversion
import Foundation
import Phantoms
import Projection
import Reconstruction
import Testing

@Suite("TrialSlabs")
struct TrialSlabsTests {
  /// - Parameter slices: those of 200 that hold the object.
  private func chosen(objectIn slices: Range<Int>) throws -> [Int] {
    let shape = TiltSeriesShape(tiltCount: 6, binCount: 12, sliceCount: 200)
    var series = TiltSeries(zeros: shape, tilts: (0..<6).map { -50 + 20 * Double($0) })
    for tilt in 0..<6 {
      for slice in 0..<200 {
        for bin in 0..<12 {
          let noise = Float((tilt * 31 + slice * 17 + bin * 7) % 11 - 5) / 10
          series[tilt, slice, bin] =
            20 + noise + (slices.contains(slice) && (4..<8).contains(bin) ? 5 : 0)
        }
      }
    }
    let geometry = try TiltGeometry(
      volume: VolumeShape(width: 12, depth: 12, sliceCount: 200), series: shape,
      degrees: series.tilts)
    var method = CompressedSensing()
    (method.strength, method.iterationLimit) = (.chosen(.lCurve, noise: nil), 1)
    let report = try method.reconstruct(series, geometry, from: nil, workers: Workers(2)).1
    return try #require(report.lambdaChoice as? StrengthChoice).slices
  }

  @Test("λ is tried on the slices that hold the object, in the middle where they are alike")
  func slices() throws {
    #expect(try chosen(objectIn: 5..<50) == [0, 63])
    #expect(try chosen(objectIn: 170..<200) == [160, 199])
    #expect(try chosen(objectIn: 0..<200) == [64, 127])
  }
}
