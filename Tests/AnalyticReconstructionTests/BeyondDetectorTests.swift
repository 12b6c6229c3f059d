import Fields
import AnalyticReconstruction
import Foundation
import Projection
import Reconstruction
import TestSupport
import Testing
import Transforms

@Suite("Beyond the detector")
struct BeyondDetectorTests {
  /// A cylinder of radius 20 and density 1, in the middle of 96² voxels unless moved.
  struct Scene: Sendable {
    let degrees: [Double]
    var axisOffset = 0.0
    var x = 0.0
    var window = RampWindow.ramLak
  }

  static let scenes = [
    Scene(degrees: fullRange), Scene(degrees: fullRange, axisOffset: 5.3),
    Scene(degrees: tilts(to: 70, step: 2)),
    Scene(degrees: tilts(to: 70, step: 2), axisOffset: -3.7, x: 8),
    Scene(degrees: tilts(to: 70, step: 2), axisOffset: 5.3, window: .hann),
  ]

  @Test("a wider detector that sees nothing more changes nothing", arguments: scenes)
  func wider(_ scene: Scene) throws {
    let (found, expected) = (try reconstruct(scene, bins: 96), try reconstruct(scene, bins: 160))
    let difference = found.voxels.span.indices.reduce(Float(0)) {
      max($0, abs(found.voxels.span[$1] - expected.voxels.span[$1]))
    }
    #expect(difference < 4e-6)
  }

  @Test("with a full range there is no rim beyond the object, and the mass is right")
  func rim() throws {
    for scene in Self.scenes.prefix(2) {
      let volume = try reconstruct(scene, bins: 96)
      var (sums, counts, mass) = ([Int: Double](), [Int: Double](), 0.0)
      for z in 0..<96 {
        for x in 0..<96 {
          let ring = Int(hypot(Double(x) - 47.5, Double(z) - 47.5)) / 4
          sums[ring, default: 0] += Double(volume[x, 0, z])
          counts[ring, default: 0] += 1
          mass += Double(volume[x, 0, z])
        }
      }
      // Rings of 4 voxels, from 28 to 64; zeros off the detector leave 0.030 in the outermost.
      for ring in 7..<16 { #expect(abs(sums[ring, default: 1] / counts[ring, default: 1]) < 0.002) }
      #expect(abs(mass / (.pi * 400) - 1) < 0.005)
    }
  }

  /// `2 ∫ √(r² − s²) ds` over each bin, `F(s) = s √(r² − s²) + r² asin(s/r)`.
  private func reconstruct(_ scene: Scene, bins: Int) throws -> Volume {
    let shape = TiltSeriesShape(tiltCount: scene.degrees.count, binCount: bins, sliceCount: 1)
    func integral(_ s: Double) -> Double {
      let s = min(max(s, -20), 20)
      return s * (400 - s * s).squareRoot() + 400 * asin(s / 20)
    }
    var series = TiltSeries(zeros: shape, tilts: scene.degrees)
    for (tilt, degrees) in scene.degrees.enumerated() {
      let middle = scene.x * cos(degrees * .pi / 180) + scene.axisOffset + Double(bins - 1) / 2
      for bin in 0..<bins {
        let s = Double(bin) - middle
        series[tilt, 0, bin] = Float(integral(s + 0.5) - integral(s - 0.5))
      }
    }
    let geometry = try TiltGeometry(
      volume: VolumeShape(width: 96, depth: 96, sliceCount: 1), series: shape,
      degrees: scene.degrees, axisOffset: scene.axisOffset)
    return try FilteredBackProjection(window: scene.window)
      .reconstruct(series, geometry, from: nil, workers: Workers(2)).0
  }
}
