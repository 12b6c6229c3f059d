import Fields
import Foundation
import Quality
import TestSupport
import Testing
import Transforms

@Suite("CentralSlicePower")
struct CentralSlicePowerTests {
  private func power(
    _ volume: Volume, degrees: [Double], diameter: Double, workers: Workers = .all
  ) -> CentralSlicePower {
    let angles = degrees.map { $0 * .pi / 180 }
    let gaps = zip(angles.dropFirst() + [angles[0] + .pi], angles).map { $0 - $1 }
    return CentralSlicePower(
      SpectrumPair(volume, volume), angles: angles, gaps: gaps, holes: [angles.count - 1],
      diameter: diameter, workers: workers)
  }

  @Test("agrees with numpy in double precision, whatever the threads")
  func golden() throws {
    let golden = try goldenDoubles("central-slices.f64", in: .module)
    var volume = Volume(zeros: VolumeShape(width: 24, depth: 24, sliceCount: 18))
    for z in 0..<24 {
      for y in 0..<18 {
        for x in 0..<24 {
          volume[x, y, z] = Float((3 * x + 5 * y + 7 * z + x * z) % 11 - 5)
        }
      }
    }
    let degrees = (0..<9).map { -61.3 + 14.7 * Double($0) }
    let found = power(volume, degrees: degrees, diameter: 24)
    #expect(found.ringCount == Int(golden[0]) && found.ringCount > 2)
    #expect(abs(found.near / golden[1] - 1) < 1e-5)
    #expect(abs(found.between / golden[2] - 1) < 1e-5)
    #expect(found == power(volume, degrees: degrees, diameter: 24, workers: Workers(1)))
  }

  @Test("White noise has no streaks, and waves along the slices are nothing else")
  func extremes() throws {
    let shape = VolumeShape(width: 64, depth: 64, sliceCount: 16)
    let degrees = tilts(to: 60, step: 10)
    let white = Volume(noise(count: shape.slabs.count, seed: 7), shape: shape)
    let ratio = try #require(power(padless(white), degrees: degrees, diameter: 64).ratio)
    #expect(abs(ratio - 1) < 0.06)

    var star = Volume(zeros: shape)
    for (tilt, degree) in degrees.enumerated() {
      for wave in 6..<32 {
        let (c, s) = (cos(degree * .pi / 180), sin(degree * .pi / 180))
        for z in 0..<64 {
          for x in 0..<64 {
            let place = Double(x - 32) * c + Double(z - 32) * s
            let phase = Double((tilt * 31 + wave * 17) % 64)
            for y in 0..<16 {
              star[x, y, z] += Float(cos(2 * .pi * (Double(wave) * place + phase) / 64))
            }
          }
        }
      }
    }
    let streaky = try #require(power(star, degrees: degrees, diameter: 64).ratio)
    #expect(streaky > 5, "\(streaky)")
  }

  @Test("Slices that lie too close together are not measured")
  func tooClose() {
    let shape = VolumeShape(width: 32, depth: 32, sliceCount: 32)
    let white = Volume(noise(count: shape.slabs.count, seed: 3), shape: shape)
    #expect(power(white, degrees: tilts(to: 70, step: 2), diameter: 32).ratio == nil)
    #expect(power(white, degrees: tilts(to: 70, step: 10), diameter: 32).ratio != nil)
  }

  /// Zero in padding lanes.
  private func padless(_ volume: Volume) -> Volume {
    var result = Volume(zeros: volume.shape)
    for z in 0..<volume.shape.depth {
      for y in 0..<volume.shape.sliceCount {
        for x in 0..<volume.shape.width { result[x, y, z] = volume[x, y, z] }
      }
    }
    return result
  }
}
