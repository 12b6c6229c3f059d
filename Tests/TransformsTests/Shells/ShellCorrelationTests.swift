import Fields
import Foundation
import TestSupport
import Testing
import Transforms

@Suite("ShellCorrelation")
struct ShellCorrelationTests {
  @Test("is 1 for a volume and itself, and −1 for its negative")
  func same() {
    let volume = noisy(VolumeShape(width: 16, depth: 16, sliceCount: 16), seed: 5)
    var negative = volume
    for z in 0..<16 { for y in 0..<16 { for x in 0..<16 { negative[x, y, z] *= -1 } } }
    for (other, expected) in [(volume, 1.0), (negative, -1)] {
      let curve = ShellCorrelation(ShellSums(SpectrumPair(volume, other)))
      let measured = curve.points.compactMap(\.value)
      #expect(measured.count >= 5)
      #expect(measured.allSatisfy { abs($0 - expected) < 1e-9 })
    }
  }

  @Test("of two noisy copies of one volume follows S / (S + N) within its own scatter")
  func expected() {
    let shape = VolumeShape(width: 40, depth: 40, sliceCount: 40)
    let signal = blob(shape, sigma: 2.2, height: 4)
    let noises = [noisy(shape, seed: 11), noisy(shape, seed: 12)]
    let copies = noises.map { sum(signal, $0) }
    let curve = ShellCorrelation(ShellSums(SpectrumPair(copies[0], copies[1])))
    let clean = ShellSums(SpectrumPair(signal, signal))[.sampled, .all]
    // Uniform noise on −½ … ½ has the variance 1/12.
    let noise = Double(40 * 40 * 40) / 12
    var deviations: [Double] = []
    for (point, sum) in zip(curve.points, clean) {
      guard let value = point.value else { continue }
      let power = sum.first / Double(sum.count)
      let truth = power / (power + noise)
      let scatter = (1 - truth * truth) / point.independent.squareRoot()
      deviations.append((value - truth) / max(scatter, 1e-3))
    }
    #expect(deviations.count >= 15)
    #expect(deviations.allSatisfy { abs($0) < 4.5 }, "\(deviations)")
    let square = deviations.reduce(0) { $0 + $1 * $1 } / Double(deviations.count)
    #expect(square < 2)
  }

  @Test("is not measured where fewer than fifty coefficients are sampled")
  func tooFew() throws {
    let shape = VolumeShape(width: 32, depth: 32, sliceCount: 32)
    let sums = ShellSums(SpectrumPair(noisy(shape, seed: 1), noisy(shape, seed: 1)))
    let points = ShellCorrelation(sums).points
    for (point, sum) in zip(points, sums[.sampled, .all]) {
      #expect(point.independent == Double(sum.count) / 2)
      #expect((point.value == nil) == (sum.count < 100))
    }
    #expect(points[1].value == nil && points[8].value != nil)
  }

  @Test("of two images is a ring correlation")
  func rings() {
    let shape = VolumeShape(width: 48, depth: 1, sliceCount: 64)
    let curve = ShellCorrelation(
      ShellSums(SpectrumPair(noisy(shape, seed: 3), noisy(shape, seed: 3))))
    #expect(curve.points.count == 33)
    #expect(curve.points.compactMap(\.value).allSatisfy { abs($0 - 1) < 1e-9 })
    let across = ShellCorrelation(
      ShellSums(SpectrumPair(noisy(shape, seed: 3), noisy(shape, seed: 3))), cone: .z)
    #expect(across.points.allSatisfy { $0.value == nil })
  }

  @Test("falls below a threshold between two shells, by straight lines")
  func crossing() {
    // A and B agree up to shell 6 and not beyond: the correlation is 1, then that of strangers.
    let shape = VolumeShape(width: 64, depth: 1, sliceCount: 64)
    let (a, b) = (noisy(shape, seed: 1), noisy(shape, seed: 2))
    let curve = ShellCorrelation(ShellSums(SpectrumPair(a, b)))
    guard case .coarser = curve.resolution(.half) else {
      Issue.record("strangers have a resolution: \(curve.resolution(.half))")
      return
    }
    let same = ShellCorrelation(ShellSums(SpectrumPair(a, a)))
    #expect(same.resolution(.oneSeventh) == .beyond(0.5))
    let signal = blob(shape, sigma: 1.5, height: 60)
    let noisyPair = ShellCorrelation(ShellSums(SpectrumPair(sum(signal, a), sum(signal, b))))
    guard case .crossing(let frequency) = noisyPair.resolution(.half) else {
      Issue.record("no crossing")
      return
    }
    let below = noisyPair.points.first { $0.frequency >= frequency }
    let above = noisyPair.points.last { $0.frequency < frequency }
    if let low = below?.value, let high = above?.value, let first = above?.frequency {
      let exact = first + (high - 0.5) / (high - low) / 64
      #expect(abs(frequency - exact) < 1e-12 && high >= 0.5 && low < 0.5)
    } else {
      Issue.record("no shells beside the crossing")
    }
  }

  @Test("half a bit is as van Heel and Schatz have it", arguments: [(50, 0.3570), (1e6, 0.1729)])
  func halfBit(coefficients: Double, expected: Double) {
    let threshold = ShellCorrelation.Threshold.halfBit.value(coefficients: coefficients)
    #expect(abs(threshold - expected) < 5e-4, "\(threshold)")
  }

  @Test(
    "of strangers scatters by 1/√n, with the n of the half-bit threshold, wherever their noise lies"
  )
  func scatter() {
    let shape = VolumeShape(width: 32, depth: 32, sliceCount: 32)
    for radius in [100.0, 11, 8] {
      var (sum, count) = (0.0, 0.0)
      for pair in UInt64(0)..<12 {
        let (a, b) = (noisy(shape, seed: 2 * pair + 40), noisy(shape, seed: 2 * pair + 41))
        let curve = ShellCorrelation(
          ShellSums(
            SpectrumPair(inside(a, radius: radius), inside(b, radius: radius), taper: 0.1)))
        for point in curve.points {
          guard let value = point.value else { continue }
          (sum, count) = (sum + value * value * point.noiseCoefficients, count + 1)
        }
      }
      // 1 if n is exact, less where it is a little too small, which makes thresholds a little too high.
      #expect((0.6...1.15).contains(sum / count), "\(radius): \(sum / count)")
    }
  }

  /// Nothing beyond a distance from the middle.
  private func inside(_ volume: Volume, radius: Double) -> Volume {
    var part = volume
    let shape = volume.shape
    for z in 0..<shape.depth {
      for y in 0..<shape.sliceCount {
        for x in 0..<shape.width {
          let (a, b, c) = (x - shape.width / 2, y - shape.sliceCount / 2, z - shape.depth / 2)
          if Double(a * a + b * b + c * c) > radius * radius { part[x, y, z] = 0 }
        }
      }
    }
    return part
  }

  private func noisy(_ shape: VolumeShape, seed: UInt64) -> Volume {
    var volume = Volume(zeros: shape)
    let values = noise(count: shape.slabs.valueCount, seed: seed).span
    var i = 0
    for z in 0..<shape.depth {
      for y in 0..<shape.sliceCount {
        for x in 0..<shape.width {
          volume[x, y, z] = values[i]
          i += 1
        }
      }
    }
    return volume
  }

  private func blob(_ shape: VolumeShape, sigma: Double, height: Double) -> Volume {
    var volume = Volume(zeros: shape)
    let middle = [shape.width, shape.sliceCount, shape.depth].map { Double($0 - 1) / 2 }
    for z in 0..<shape.depth {
      for y in 0..<shape.sliceCount {
        for x in 0..<shape.width {
          let (dx, dy, dz) = (Double(x) - middle[0], Double(y) - middle[1], Double(z) - middle[2])
          let square = dx * dx + dy * dy + dz * dz
          volume[x, y, z] = Float(height * exp(-square / (2 * sigma * sigma)))
        }
      }
    }
    return volume
  }

  private func sum(_ a: Volume, _ b: Volume) -> Volume {
    var volume = a
    let shape = a.shape
    for z in 0..<shape.depth {
      for y in 0..<shape.sliceCount { for x in 0..<shape.width { volume[x, y, z] += b[x, y, z] } }
    }
    return volume
  }
}
