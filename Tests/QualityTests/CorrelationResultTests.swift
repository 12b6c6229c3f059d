import Fields
import Foundation
import Quality
import TestSupport
import Testing
import Transforms

@Suite struct CorrelationResultTests {
  private let shape = VolumeShape(width: 40, depth: 40, sliceCount: 40)

  private func noisy(_ seed: UInt64, smooth: Float) -> Volume {
    var volume = Volume(zeros: shape)
    let values = noise(count: shape.slabs.count, seed: seed)
    for z in 0..<40 {
      for y in 0..<40 {
        for x in 0..<40 {
          let square = Double((x - 20) * (x - 20) + (y - 20) * (y - 20) + (z - 20) * (z - 20))
          volume[x, y, z] =
            values.span[shape.slabs.index(slice: y, page: z, position: x)]
            + smooth * Float(exp(-square / 8))
        }
      }
    }
    return volume
  }

  @Test("Crossings have lengths in voxels, and in nm where a voxel has a size")
  func units() throws {
    let sums = ShellSums(SpectrumPair(noisy(1, smooth: 8), noisy(2, smooth: 8)))
    let (plain, sized) = (
      CorrelationResult(sums, voxelSize: nil), CorrelationResult(sums, voxelSize: 0.25)
    )
    let crossing = try #require(plain[.all]?.crossing(.half))
    let frequency = try #require(crossing.frequency)
    #expect(crossing.outcome == .crossing && (0.1...0.4).contains(frequency))
    #expect(crossing.voxels == 1 / frequency && crossing.nanometres == nil)
    #expect(sized[.all]?.crossing(.half)?.nanometres == 0.25 / frequency)
    #expect(sized.curves.map(\.direction) == [.all, .x, .y, .z])
    // Less than half a bit is asked for where the correlation still is above 0.143.
    let seventh = try #require(plain[.all]?.crossing(.oneSeventh)?.frequency)
    #expect(seventh > frequency)
  }

  @Test("Shells with fewer than fifty coefficients are null in JSON, and so is what follows")
  func notMeasured() throws {
    let sums = ShellSums(SpectrumPair(noisy(1, smooth: 8), noisy(1, smooth: 8)))
    let result = CorrelationResult(sums, voxelSize: nil)
    let data = try JSONEncoder().encode(result)
    #expect(try JSONDecoder().decode(CorrelationResult.self, from: data) == result)
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(object["voxelSize"] is NSNull)
    let curve = try #require((object["curves"] as? [[String: Any]])?.first)
    let points = try #require(curve["points"] as? [[String: Any]])
    #expect(points[0]["value"] is NSNull && points[10]["value"] is Double)
    let image = VolumeShape(width: 12, depth: 1, sliceCount: 12)
    let small = CorrelationResult(
      ShellSums(SpectrumPair(Volume(zeros: image), Volume(zeros: image))), voxelSize: 1)
    #expect(
      small.curves.allSatisfy { $0.crossings.allSatisfy { $0.outcome == .notMeasured } })
  }

  @Test("Of volumes with one value everywhere nothing is measured, though their window correlates")
  func constants() throws {
    let flat = Volume(FloatStorage([Float](repeating: 7, count: shape.slabs.count)), shape: shape)
    let sums = ShellSums(SpectrumPair(flat, flat, taper: 0.1))
    let result = CorrelationResult(sums, voxelSize: 1, likeness: .constant(.both))
    for curve in result.curves {
      #expect(curve.points.allSatisfy { $0.value == nil })
      #expect(curve.crossings.allSatisfy { $0.outcome == .notMeasured && $0.voxels == nil })
    }
    #expect(
      CorrelationResult(sums, voxelSize: 1)[.all]?.crossing(.half)?.outcome != .notMeasured,
      "without being told, the window would be taken for a volume")
  }
}
