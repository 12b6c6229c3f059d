import Fields
import Foundation
import TestSupport
import Testing
import Transforms

@Suite("ShellSums")
struct ShellSumsTests {
  /// Golden/shells.f64: made by Golden/make_shells.py.
  @Test("agree with numpy in every part, cone and shell", arguments: [0, 0.25])
  func golden(taper: Double) throws {
    let values = try goldenDoubles("shells.f64", in: .module)
    let half = values.count / 2
    let rows = Array(taper == 0 ? values.prefix(half) : values.suffix(half))
    let (a, b) = pair()
    let spectra = SpectrumPair(a, b, taper: taper, workers: Workers(2))
    let sums = ShellSums(spectra, mask: sixtyDegrees(12, 16), workers: Workers(2))
    #expect(abs(sums.independentFraction - rows[7]) < 1e-12)
    let scale = rows[5] + rows[6]
    for row in stride(from: 0, to: rows.count, by: 8) {
      let part = try #require(ShellSums.Part(rawValue: Int(rows[row])))
      let cone = try #require(ShellSums.Cone(rawValue: Int(rows[row + 1])))
      let sum = sums[part, cone][Int(rows[row + 2])]
      #expect(sum.count == Int(rows[row + 3]), "\(part) \(cone) \(rows[row + 2])")
      #expect(abs(sum.cross - rows[row + 4]) < 1e-6 * scale)
      #expect(abs(sum.first - rows[row + 5]) < 1e-6 * scale)
      #expect(abs(sum.second - rows[row + 6]) < 1e-6 * scale)
    }
  }

  @Test("are the same with one worker and with three")
  func workers() {
    let (a, b) = pair()
    let sums = [1, 3].map { count in
      let spectra = SpectrumPair(a, b, taper: 0.1, workers: Workers(count))
      return ShellSums(spectra, workers: Workers(count))
    }
    #expect(sums[0] == sums[1])
  }

  @Test("hold all of Parseval's energy inside the Nyquist frequency of a smooth volume")
  func parseval() {
    var volume = Volume(zeros: VolumeShape(width: 24, depth: 20, sliceCount: 33))
    var energy = 0.0
    for z in 0..<20 {
      for y in 0..<33 {
        for x in 0..<24 {
          let (dx, dy, dz) = (Double(x) - 11.3, Double(y) - 16.2, Double(z) - 9.7)
          volume[x, y, z] = Float(exp(-(dx * dx + dy * dy + dz * dz) / 8))
          energy += Double(volume[x, y, z]) * Double(volume[x, y, z])
        }
      }
    }
    let sums = ShellSums(SpectrumPair(volume, volume))
    let all = sums[.sampled, .all].reduce(ShellSums.Sum(), +)
    #expect(abs(all.first / (24 * 20 * 33) - energy) < 1e-5 * energy)
    #expect(abs(all.cross - all.first) < 1e-6 * all.first)
  }

  /// See Golden/make_shells.py.
  private func pair() -> (Volume, Volume) {
    let shape = VolumeShape(width: 12, depth: 16, sliceCount: 9)
    var (a, b) = (Volume(zeros: shape), Volume(zeros: shape))
    for z in 0..<16 {
      for y in 0..<9 {
        for x in 0..<12 {
          a[x, y, z] = Float((3 * x + 5 * y + 7 * z) % 11 - 4 + (x * z) % 5)
          b[x, y, z] = a[x, y, z] + Float((x * x + 2 * y * z) % 7 - 3)
        }
      }
    }
    return (a, b)
  }

  /// 1 where |kz| ≤ tan 60° |kx|.
  private func sixtyDegrees(_ width: Int, _ depth: Int) -> FloatStorage {
    FloatStorage(
      (0..<width * depth).map { index in
        let (z, x) = index.quotientAndRemainder(dividingBy: width)
        let fx = Double(min(x, width - x)) / Double(width)
        let fz = Double(min(z, depth - z)) / Double(depth)
        return fz <= 3.0.squareRoot() * fx + 1e-12 ? 1 : 0
      })
  }
}
