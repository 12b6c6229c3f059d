import AlgebraicReconstruction
import Fields
import TestSupport
import Testing

@Suite("TotalVariation")
struct TotalVariationTests {
  func volume(_ sliceCount: Int) -> Volume {
    var volume = Volume(zeros: VolumeShape(width: 5, depth: 4, sliceCount: sliceCount))
    let values = noise(count: 20 * sliceCount, seed: 8)
    for i in 0..<values.count { volume[i % 5, i / 20, i / 5 % 4] = values.span[i] }
    return volume
  }

  /// Straight from the definition, in double precision.
  func value(_ v: Volume, _ axes: VariationAxes, smoothing: Double) -> Double {
    let (w, d, n) = (v.shape.width, v.shape.depth, v.shape.sliceCount)
    var sum = 0.0
    for y in 0..<n {
      for z in 0..<d {
        for x in 0..<w {
          let here = Double(v[x, y, z])
          let dx = x + 1 < w ? Double(v[x + 1, y, z]) - here : 0
          let dz = z + 1 < d ? Double(v[x, y, z + 1]) - here : 0
          let dy = axes == .volume && y + 1 < n ? Double(v[x, y + 1, z]) - here : 0
          sum += (dx * dx + dy * dy + dz * dz + smoothing * smoothing).squareRoot()
        }
      }
    }
    return sum
  }

  @Test(
    "value and gradient agree with the definition and its differences", arguments: [1, 7, 33],
    VariationAxes.allCases)
  func gradient(sliceCount: Int, axes: VariationAxes) {
    let v = volume(sliceCount)
    var variation = TotalVariation(v.shape.slabs, axes: axes, workers: .all)
    let found = variation.formGradient(
      at: v.voxels, smoothing: [Double](repeating: 0.1, count: sliceCount))
    let expected = value(v, axes, smoothing: 0.1)
    #expect(abs(found.value.reduce(0, +) / expected - 1) < 1e-5)
    var squares = 0.0
    for y in 0..<sliceCount {
      for i in 0..<20 {
        var (up, down) = (v, v)
        up[i % 5, y, i / 5] += 1e-3
        down[i % 5, y, i / 5] -= 1e-3
        let slope =
          (value(up, axes, smoothing: 0.1) - value(down, axes, smoothing: 0.1))
          / Double(up[i % 5, y, i / 5] - down[i % 5, y, i / 5])
        let place = v.shape.slabs.index(slice: y, page: i / 5, position: i % 5)
        #expect(abs(Double(variation.gradient.span[place]) - slope) < 1e-3)
        squares += slope * slope
      }
    }
    #expect(abs(found.squares.reduce(0, +) / squares - 1) < 1e-3)
  }

  @Test("a flat volume has no gradient, and padding lanes never have one")
  func flat() {
    let shape = VolumeShape(width: 5, depth: 4, sliceCount: 33)
    var flat = Volume(zeros: shape)
    for i in 0..<660 { flat[i % 5, i / 20, i / 5 % 4] = 3 }
    var variation = TotalVariation(shape.slabs, axes: .volume, workers: .all)
    let found = variation.formGradient(
      at: flat.voxels, smoothing: [Double](repeating: 0, count: 33))
    #expect(variation.gradient.span.indices.allSatisfy { variation.gradient.span[$0] == 0 })
    #expect(found.value.count == 33 && found.squares.allSatisfy { $0 == 0 })
  }
}
