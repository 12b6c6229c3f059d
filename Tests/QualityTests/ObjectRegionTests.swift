import Fields
import Quality
import TestSupport
import Testing

@Suite struct ObjectRegionTests {
  @Test("Threshold, size and contrast agree with numpy in double precision")
  func golden() throws {
    let golden = try goldenDoubles("region.f64", in: .module)
    var volume = Volume(zeros: VolumeShape(width: 19, depth: 21, sliceCount: 6))
    for z in 0..<21 {
      for y in 0..<6 {
        for x in 0..<19 {
          let square = (x - 8) * (x - 8) + (z - 9) * (z - 9)
          volume[x, y, z] =
            Float((5 * x + 3 * y + 2 * z) % 13) + (Double(square) <= 30.25 ? 20 : 0)
        }
      }
    }
    let region = try ObjectRegion(of: volume)
    #expect(abs(region.threshold - golden[0]) < 1e-9)
    #expect(abs(region.contrast - golden[2]) < 1e-9)
    #expect(abs(region.diameter - golden[3]) < 1e-9)
  }

  @Test("A disc is as wide as it is, in every slice count")
  func disc() throws {
    for slices in [1, 7, 33] {
      var volume = Volume(zeros: VolumeShape(width: 80, depth: 70, sliceCount: slices))
      for z in 0..<70 {
        for x in 0..<80 where (x - 44) * (x - 44) + (z - 36) * (z - 36) <= 900 {
          for y in 0..<slices { volume[x, y, z] = 2 }
        }
      }
      let region = try ObjectRegion(of: volume)
      #expect(abs(region.diameter - 0.995 * 60) < 4)
    }
  }

  @Test("Noise as strong as a third of the object leaves the diameter as it is")
  func noisy() throws {
    let shape = VolumeShape(width: 96, depth: 96, sliceCount: 40)
    let grain = noise(count: shape.slabs.count, seed: 3)
    var volume = Volume(zeros: shape)
    for z in 0..<96 {
      for y in 0..<40 {
        for x in 0..<96 {
          let isInside = (x - 48) * (x - 48) + (z - 48) * (z - 48) <= 400
          // Uniform on −0.58 … 0.58: a standard deviation of 1/3.
          volume[x, y, z] =
            1.155 * grain.span[shape.slabs.index(slice: y, page: z, position: x)]
            + (isInside ? 1 : 0)
        }
      }
    }
    #expect(abs(try ObjectRegion(of: volume).diameter - 0.995 * 40) < 4)
  }

  @Test("A volume of one value is refused")
  func constant() {
    #expect(throws: QualityError.constantVolume) {
      try ObjectRegion(of: Volume(zeros: VolumeShape(width: 4, depth: 4, sliceCount: 4)))
    }
  }
}
