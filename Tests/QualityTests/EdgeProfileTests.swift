import Fields
import Foundation
import Quality
import TestSupport
import Testing

@Suite struct EdgeProfileTests {
  private func wall(slices: Int = 12, _ value: (_ x: Int, _ z: Int) -> Double) -> Volume {
    var volume = Volume(zeros: VolumeShape(width: 64, depth: 40, sliceCount: slices))
    for z in 0..<40 {
      for x in 0..<64 { for y in 0..<slices { volume[x, y, z] = Float(value(x, z)) } }
    }
    return volume
  }

  @Test(
    "A step cut off at a frequency rings by 8.95 % and is 0.446 / f wide (Gibbs)",
    arguments: [1, 12])
  func gibbs(slices: Int) throws {
    let golden = try goldenDoubles("edges.f64", in: .module)
    let sharp = try #require(EdgeProfile(wall(slices: slices) { x, _ in golden[x] }))
    #expect(abs(sharp.overshoot - 0.0895) < 0.004 && abs(sharp.undershoot - 0.0895) < 0.004)
    #expect(abs(try #require(sharp.width) - 0.446 / 0.25) < 0.1)
    let middle = try #require(sharp.distances.firstIndex(of: 0))
    #expect(abs(sharp.values[middle] - 0.5) < 0.01)
    let soft = try #require(EdgeProfile(wall(slices: slices) { x, _ in golden[64 + x] }))
    #expect(abs(try #require(soft.width) - 0.446 / 0.2) < 0.1)
  }

  @Test("A clean edge does not ring, whichever way it runs and whatever its height")
  func clean() throws {
    for degrees in [0.0, 30, 77, 180, 250] {
      let (c, s) = (cos(degrees * .pi / 180), sin(degrees * .pi / 180))
      let volume = wall { x, z in
        let t = Double(x - 32) * c + Double(z - 20) * s
        return 5 + 300 / (1 + exp(-2 * t))
      }
      let profile = try #require(EdgeProfile(volume))
      #expect(profile.overshoot < 0.01 && profile.undershoot < 0.01)
      // A logistic edge exp(2 t) takes ln 9 from 10 to 90 %; interpolation widens it a little.
      let width = try #require(profile.width)
      #expect(width > log(9) - 0.1 && width < log(9) + 0.4, "\(degrees): \(width)")
    }
  }

  @Test("What is too small or too even has no edges")
  func none() {
    #expect(EdgeProfile(wall { _, _ in 1 }) == nil)
    #expect(EdgeProfile(Volume(zeros: VolumeShape(width: 4, depth: 4, sliceCount: 4))) == nil)
    // A wall three voxels thick has no bright side.
    #expect(EdgeProfile(wall { x, _ in (30..<33).contains(x) ? 1 : 0 }) == nil)
  }
}
