import Fields
import Foundation
import MissingWedge
import Projection
import TestSupport
import Testing

@Suite("WedgeFilter")
struct WedgeFilterTests {
  /// −50° to 60°.
  let coverage = TiltCoverage(stride(from: -50.0, through: 60, by: 2).map { $0 * .pi / 180 })

  /// Golden/inferred.f64: made by Golden/make_inferred.py.
  @Test("keeps what numpy keeps, for one, seven and 33 slices", arguments: [1, 7, 33])
  func golden(sliceCount: Int) throws {
    let values = try goldenDoubles("inferred.f64", in: .module)
    let shape = VolumeShape(width: 11, depth: 14, sliceCount: sliceCount)
    let volume = patterned(shape)
    let inferred = WedgeFilter(coverage, shape: shape).inferredPart(of: volume, workers: Workers(2))
    var largest = 0.0
    for y in 0..<sliceCount {
      for z in 0..<14 {
        for x in 0..<11 {
          let expected = values[(y * 14 + z) * 11 + x]
          largest = max(largest, abs(Double(inferred[x, y, z]) - expected))
        }
      }
    }
    #expect(largest < 1e-5)
  }

  @Test("leaves padding lanes zero, and gives the same bytes with one worker and three")
  func padding() {
    let shape = VolumeShape(width: 11, depth: 14, sliceCount: 33)
    let filter = WedgeFilter(coverage, shape: shape, softness: 0.1)
    let results = [1, 3].map {
      filter.inferredPart(of: patterned(shape), workers: Workers($0)).voxels
    }
    #expect(areIdentical(results[0], results[1]))
    let (slabs, field) = (shape.slabs, results[0])
    var isZero = true
    for run in 0..<slabs.runCount {
      for lane in 1..<32 {
        if field.span[slabs.slabLength + run * 32 + lane] != 0 { isZero = false }
      }
    }
    #expect(isZero)
  }

  @Test("what it keeps is orthogonal to the rest, and kept again as it is")
  func projection() {
    let shape = VolumeShape(width: 15, depth: 21, sliceCount: 3)
    let filter = WedgeFilter(coverage, shape: shape)
    let volume = patterned(shape)
    let inferred = filter.inferredPart(of: volume)
    let again = filter.inferredPart(of: inferred)
    #expect(relativeError(of: again.voxels.span, against: inferred.voxels.span) < 1e-6)
    var (product, square) = (0.0, 0.0)
    for i in 0..<volume.voxels.count {
      let (v, u) = (Double(volume.voxels.span[i]), Double(inferred.voxels.span[i]))
      product += u * (v - u)
      square += v * v
    }
    #expect(abs(product) < 1e-6 * square)
  }

  @Test("a full range leaves nothing to infer, and a soft edge keeps a mean")
  func ends() {
    let shape = VolumeShape(width: 16, depth: 16, sliceCount: 1)
    let full = TiltCoverage(fullRange.map { $0 * .pi / 180 })
    let nothing = WedgeFilter(full, shape: shape).inferredPart(of: patterned(shape))
    let isNothing = (0..<nothing.voxels.count).allSatisfy { nothing.voxels.span[$0] == 0 }
    #expect(isNothing)
    let constant = Volume(FloatStorage(repeating: 3, count: 256), shape: shape)
    let soft = WedgeFilter(coverage, shape: shape, softness: 0.3).inferredPart(of: constant)
    let isSmall = (0..<256).allSatisfy { abs(soft.voxels.span[$0]) < 1e-6 }
    #expect(isSmall)
  }
}

/// See Golden/make_inferred.py.
func patterned(_ shape: VolumeShape) -> Volume {
  var volume = Volume(zeros: shape)
  for z in 0..<shape.depth {
    for y in 0..<shape.sliceCount {
      for x in 0..<shape.width {
        volume[x, y, z] = Float((3 * x + 5 * y + 7 * z) % 11 - 5 + (x * z) % 5)
      }
    }
  }
  return volume
}
