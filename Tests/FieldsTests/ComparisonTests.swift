import Fields
import Foundation
import Testing

@Suite("Comparison")
struct ComparisonTests {
  struct Case: Decodable {
    let shape: [Int]
    let masked: Bool
    let fit: Bool
    let metrics: Comparison
  }

  /// Golden/comparison.json: made by Golden/make_comparison.py.
  @Test("every metric agrees with NumPy and scikit-image")
  func golden() throws {
    let url = try #require(
      Bundle.module.url(forResource: "Golden/comparison.json", withExtension: nil))
    let cases = try JSONDecoder().decode([Case].self, from: Data(contentsOf: url))
    #expect(cases.count == 12)
    for known in cases {
      let (estimate, truth, mask) = fields(
        VolumeShape(width: known.shape[0], depth: known.shape[2], sliceCount: known.shape[1]))
      let found = try Comparison(
        of: estimate, with: truth, inside: known.masked ? mask : nil, fittingScale: known.fit)
      #expect(found.voxelCount == known.metrics.voxelCount)
      #expect(found.range == known.metrics.range)
      #expect(abs(try #require(found.scale) - (try #require(known.metrics.scale))) < 1e-12)
      #expect(abs(found.rmse - known.metrics.rmse) < 1e-12)
      #expect(abs(try #require(found.nrmse) - (try #require(known.metrics.nrmse))) < 1e-12)
      #expect(abs(try #require(found.psnr) - (try #require(known.metrics.psnr))) < 1e-9)
      #expect(abs(try #require(found.ssim) - (try #require(known.metrics.ssim))) < 1e-9)
      #expect(abs(found.bias - known.metrics.bias) < 1e-12)
    }
  }

  @Test("a volume is like itself")
  func itself() throws {
    let truth = fields(VolumeShape(width: 20, depth: 9, sliceCount: 33)).truth
    let found = try Comparison(of: truth, with: truth)
    #expect(found.rmse == 0 && found.bias == 0 && found.nrmse == 0 && found.ssim == 1)
    #expect(found.psnr == nil)
  }

  @Test("what cannot be measured is nil and has a sentence that says why")
  func gaps() throws {
    let shape = VolumeShape(width: 20, depth: 9, sliceCount: 33)
    let (truth, zero) = (fields(shape).truth, Volume(zeros: shape))
    let same = try Comparison(of: truth, with: truth)
    #expect(same.gaps == ["PSNR is not measured: the two agree exactly."])
    let empty = try Comparison(of: truth, with: zero)
    #expect(empty.psnr == nil && empty.ssim == nil && empty.nrmse == nil && empty.gaps.count == 2)
    let dark = try Comparison(of: zero, with: truth, fittingScale: true)
    #expect(dark.scale == nil && dark.nrmse == 1)
    #expect(dark.gaps == ["The scale is not measured: the volume is zero in all compared voxels."])
    #expect(try Comparison(of: zero, with: truth).scale == 1)
    #expect(try Comparison(of: fields(shape).estimate, with: truth).gaps.isEmpty)
  }

  @Test("the number of threads changes no bit")
  func threads() throws {
    let (estimate, truth, mask) = fields(VolumeShape(width: 90, depth: 11, sliceCount: 40))
    let found = try [1, 2, 5].map {
      try Comparison(of: estimate, with: truth, inside: mask, workers: Workers($0))
    }
    #expect(Set(found).count == 1)
  }

  @Test("no similarity is given where no window fits")
  func thin() throws {
    let (estimate, truth, _) = fields(VolumeShape(width: 20, depth: 5, sliceCount: 10))
    #expect(try Comparison(of: estimate, with: truth).ssim == nil)
  }

  @Test("what cannot be compared is named")
  func errors() {
    let (estimate, truth, mask) = fields(VolumeShape(width: 8, depth: 8, sliceCount: 8))
    let small = Volume(zeros: VolumeShape(width: 8, depth: 8, sliceCount: 7))
    #expect(throws: ComparisonError.shapes("8 × 7 × 8", "8 × 8 × 8")) {
      try Comparison(of: small, with: truth)
    }
    #expect(throws: ComparisonError.emptyMask) {
      try Comparison(of: estimate, with: truth, inside: Volume(zeros: truth.shape))
    }
    var broken = estimate
    broken[1, 0, 0] = .nan
    #expect(throws: ComparisonError.notFinite(1)) {
      try Comparison(of: broken, with: truth, inside: mask)
    }
  }

  /// The formulas of make_comparison.py, exact in `Float`.
  private func fields(_ shape: VolumeShape) -> (estimate: Volume, truth: Volume, mask: Volume) {
    var (estimate, truth, mask) = (
      Volume(zeros: shape), Volume(zeros: shape), Volume(zeros: shape)
    )
    for z in 0..<shape.depth {
      for y in 0..<shape.sliceCount {
        for x in 0..<shape.width {
          let t = Float((x * 7 + y * 3 + z * 5) % 11) / 4 + (x + y < 20 ? 1 : 0)
          truth[x, y, z] = t
          estimate[x, y, z] = t * 0.75 + Float((x * 5 + y * 2 + z * 7) % 13) / 16 - 0.25
          mask[x, y, z] = (x + 2 * y + z) % 3 != 0 ? 1 : 0
        }
      }
    }
    return (estimate, truth, mask)
  }
}
