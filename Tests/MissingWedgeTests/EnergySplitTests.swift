import Fields
import Foundation
import MissingWedge
import Projection
import TestSupport
import Testing

@Suite("EnergySplit")
struct EnergySplitTests {
  let coverage = TiltCoverage(tilts(to: 70, step: 2).map { $0 * .pi / 180 })

  @Test("adds up to the energy of a smooth volume less its mean, and agrees with the filter")
  func parts() throws {
    let shape = VolumeShape(width: 40, depth: 36, sliceCount: 9)
    var volume = Volume(zeros: shape)
    for z in 0..<36 {
      for y in 0..<9 {
        for x in 0..<40 {
          let (dx, dz) = ((Double(x) - 18) / 4, (Double(z) - 17) / 3)
          volume[x, y, z] = Float(exp(-(dx * dx + dz * dz) / 2) * (2 + cos(Double(y) * 0.7)))
        }
      }
    }
    let split = EnergySplit(volume, coverage)
    let values = (0..<volume.voxels.count).map { Double(volume.voxels.span[$0]) }
    let count = Double(shape.slabs.valueCount)
    let square = values.reduce(0) { $0 + $1 * $1 }
    let mean = values.reduce(0, +) / count
    let energy = square - count * mean * mean
    #expect(abs(split.all.sampled + split.all.missing - energy) < 2e-3 * energy)
    let inferred = WedgeFilter(coverage, shape: shape).inferredPart(of: volume).voxels
    let missing = (0..<inferred.count).reduce(0.0) {
      $0 + Double(inferred.span[$1]) * Double(inferred.span[$1])
    }
    // The filter keeps the corners beyond the Nyquist circle too.
    #expect(abs(split.all.missing - missing) < 2e-3 * energy)
    let shells = split.shells.reduce(0) { $0 + $1.sampled + $1.missing }
    #expect(abs(shells - energy) < 2e-3 * energy)
  }

  @Test("finds waves along the beam in the wedge and about z, and waves across it outside")
  func waves() throws {
    let shape = VolumeShape(width: 32, depth: 32, sliceCount: 1)
    for (fx, fz, missing) in [(0.0, 0.25, 1.0), (0.25, 0, 0), (0.0625, 0.25, 1), (0.125, 0.25, 0)] {
      var volume = Volume(zeros: shape)
      for z in 0..<32 {
        for x in 0..<32 {
          volume[x, 0, z] = Float(cos(2 * .pi * (fx * Double(x) + fz * Double(z))))
        }
      }
      let split = EnergySplit(volume, coverage)
      #expect(abs(try #require(split.all.missingFraction) - missing) < 1e-6, "\(fx) \(fz)")
      #expect((split.z.missingFraction == nil) == (fz < fx))
    }
  }

  @Test("splits an error as it splits a volume")
  func error() throws {
    let shape = VolumeShape(width: 24, depth: 20, sliceCount: 5)
    let truth = patterned(shape)
    var estimate = truth
    let added = noise(count: shape.slabs.valueCount, seed: 4)
    var difference = Volume(zeros: shape)
    var i = 0
    for z in 0..<20 {
      for y in 0..<5 {
        for x in 0..<24 {
          difference[x, y, z] = added.span[i]
          estimate[x, y, z] += added.span[i]
          i += 1
        }
      }
    }
    let (split, expected) = (
      EnergySplit(errorOf: estimate, against: truth, coverage), EnergySplit(difference, coverage)
    )
    #expect(abs(split.all.sampled - expected.all.sampled) < 1e-4 * expected.all.sampled)
    #expect(abs(split.all.missing - expected.all.missing) < 1e-4 * expected.all.missing)
    // White noise holds as much in a missing coefficient as in a sampled one.
    #expect(abs(try #require(expected.all.perCoefficientRatio) - 1) < 0.15)
  }

  @Test("says null in JSON where there is nothing to divide by")
  func json() throws {
    let volume = Volume(zeros: VolumeShape(width: 8, depth: 8, sliceCount: 1))
    let data = try JSONEncoder().encode(EnergySplit(volume, coverage))
    let text = String(decoding: data, as: UTF8.self)
    #expect(text.contains(#""missingFraction":null"#))
    #expect(text.contains(#""perCoefficientRatio":null"#))
  }
}
