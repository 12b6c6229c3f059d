import Fields
import AnalyticReconstruction
import Foundation
import Phantoms
import Projection
import Reconstruction
import TestSupport
import Testing

/// phantoms/sphere.json: density 1, 22 voxels in radius, in 64³.
@Suite("A sphere of density 1")
struct SphereTests {
  @Test("has the density 1 inside after a full range of tilts", arguments: Candidate.all)
  func full(candidate: Candidate) throws {
    let volume = try reconstruct(candidate.method, degrees: fullRange)
    let mean = mean(of: volume, within: 19)
    #expect(abs(mean - 1) < 0.01, "\(mean)")
  }

  @Test(
    "has α/90 of it at the centre, and in the mean over any ball about it, after FBP of ±α",
    arguments: [40.0, 60, 70, 76])
  func limited(limit: Double) throws {
    let volume = try reconstruct(FilteredBackProjection(), degrees: tilts(to: limit, step: 2))
    let full = try reconstruct(
      FilteredBackProjection(scale: .full), degrees: tilts(to: limit, step: 2))
    for radius in [3.0, 19] {
      #expect(abs(mean(of: volume, within: radius) - limit / 90) < 0.002)
      #expect(abs(mean(of: full, within: radius) - 1) < 0.002)
    }
  }

  func reconstruct(_ method: any ReconstructionMethod, degrees: [Double]) throws -> Volume {
    let path = packageFolder.appending(path: "phantoms/sphere.json").path
    let phantom = try Phantom(PhantomRecipe(reading: path))
    let series = phantom.project(degrees: degrees)
    let geometry = try TiltGeometry(
      volume: phantom.volume, series: series.shape, degrees: degrees)
    return try method.reconstruct(series, geometry, from: nil, workers: .all, monitor: .silent).0
  }

  /// Over voxels nearer to the centre than `radius`.
  func mean(of volume: Volume, within radius: Double) -> Double {
    var (sum, count) = (0.0, 0.0)
    for z in 0..<64 {
      for y in 0..<64 {
        for x in 0..<64 {
          let (dx, dy, dz) = (Double(x) - 31.5, Double(y) - 31.5, Double(z) - 31.5)
          guard dx * dx + dy * dy + dz * dz < radius * radius else { continue }
          sum += Double(volume[x, y, z])
          count += 1
        }
      }
    }
    return sum / count
  }
}
