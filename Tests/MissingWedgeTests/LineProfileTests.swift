import Fields
import Foundation
import MissingWedge
import Testing

@Suite("LineProfile and PeakCurvature")
struct LineProfileTests {
  @Test("a Gaussian is 2.3548 σ wide at half its height along any line", arguments: [30, 31])
  func width(size: Int) throws {
    let volume = gaussian(size: size, sigmas: [2.5, 2.5, 2.5])
    for direction in [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0.6, 0, 0.8]] {
      let profile = LineProfile(volume, along: direction)
      // Between voxels the peak of an even volume is a little low.
      let width = try #require(profile.halfWidth)
      #expect(abs(width - 2.5 * 2.354820) < (size.isMultiple(of: 2) ? 0.04 : 0.01))
      #expect(abs(profile.undershoot) < 1e-3 && (profile.sideLobe ?? 0) < 1e-3)
    }
  }

  @Test("axes are told apart")
  func axes() throws {
    let volume = gaussian(size: 41, sigmas: [2, 3, 4])
    let widths = try [[1, 0, 0], [0, 1, 0], [0, 0, 1]].map { (direction: [Double]) in
      try #require(LineProfile(volume, along: direction).halfWidth)
    }
    #expect(zip(widths, [2, 3, 4]).allSatisfy { abs($0 - $1 * 2.354820) < 0.03 })
    let curvature = try #require(PeakCurvature(volume, scale: 2))
    for (found, sigma) in [(curvature.x, 2.0), (curvature.y, 3), (curvature.z, 4)] {
      // Through a Gaussian variances add.
      #expect(abs(found - 1 / (sigma * sigma + 4)) < 1e-4)
    }
    #expect(abs(try #require(curvature.elongation) - (20.0 / 8).squareRoot()) < 1e-3)
    #expect(abs(curvature.direction - 90) < 1e-6)
  }

  @Test("the direction of a tilted ellipsoid is found")
  func direction() throws {
    var volume = Volume(zeros: VolumeShape(width: 41, depth: 41, sliceCount: 9))
    let (c, s) = (cos(110 * Double.pi / 180), sin(110 * Double.pi / 180))
    for z in 0..<41 {
      for x in 0..<41 {
        let (dx, dz) = (Double(x) - 20, Double(z) - 20)
        let (u, w) = (dx * c + dz * s, dz * c - dx * s)
        for y in 0..<9 { volume[x, y, z] = Float(exp(-u * u / 32 - w * w / 12.5)) }
      }
    }
    let curvature = try #require(PeakCurvature(volume, scale: 2))
    #expect(abs(curvature.direction - 110) < 0.1)
    #expect(abs(try #require(curvature.elongation) - (20.0 / 10.25).squareRoot()) < 1e-3)
  }

  @Test("a sinc goes 21.7 % below zero and comes back to 12.8 %")
  func sinc() throws {
    var volume = Volume(zeros: VolumeShape(width: 81, depth: 3, sliceCount: 3))
    for x in 0..<81 {
      let t = Double(x - 40) * Double.pi / 16
      volume[x, 1, 1] = Float(t == 0 ? 1 : sin(t) / t)
    }
    let profile = LineProfile(volume, along: [1, 0, 0])
    #expect(abs(profile.undershoot + 0.2172) < 2e-3)
    #expect(abs(try #require(profile.sideLobe) - 0.1284) < 2e-3)
    #expect(abs(try #require(profile.halfWidth) - 1.2067 * 16) < 0.02)
  }

  @Test("a profile that does not fall to half inside the volume has no width")
  func flat() {
    let shape = VolumeShape(width: 9, depth: 9, sliceCount: 9)
    let flat = Volume(FloatStorage(repeating: 1, count: shape.slabs.count), shape: shape)
    #expect(LineProfile(flat, along: [0, 0, 1]).halfWidth == nil)
    #expect(PeakCurvature(Volume(zeros: shape), scale: 2) == nil)
  }

  private func gaussian(size: Int, sigmas: [Double]) -> Volume {
    var volume = Volume(zeros: VolumeShape(width: size, depth: size, sliceCount: size))
    let middle = Double(size - 1) / 2
    for z in 0..<size {
      for y in 0..<size {
        for x in 0..<size {
          let u = [x, y, z].enumerated().reduce(0.0) {
            let t = (Double($1.element) - middle) / sigmas[$1.offset]
            return $0 + t * t
          }
          volume[x, y, z] = Float(exp(-u / 2))
        }
      }
    }
    return volume
  }
}
