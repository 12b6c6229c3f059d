import Fields
import Projection
import RealModule

extension TiltCoverage {
  /// 1 where Fourier space is sampled or closer than `border` cycles a voxel to it, else 0; `[z][x]` in
  /// the order of the transform.
  func mask(_ shape: VolumeShape, border: Double) -> FloatStorage {
    let (width, depth) = (shape.width, shape.depth)
    func frequency(_ index: Int, of count: Int) -> Double {
      Double(2 * index <= count ? index : index - count) / Double(count)
    }
    var mask = FloatStorage(zeros: width * depth)
    var values = mask.mutableSpan
    for row in 0..<depth {
      for column in 0..<width {
        let (kx, kz) = (frequency(column, of: width), frequency(row, of: depth))
        let inside = self.depth(kx: kx, kz: kz)
        let distance = inside >= 0 ? 0 : Double.hypot(kx, kz) * Double.sin(min(-inside, .pi / 2))
        // At the Nyquist frequency of an even length both signs are one coefficient.
        let isFolded = 2 * column == width || 2 * row == depth
        values[row * width + column] = distance <= border || isFolded ? 1 : 0
      }
    }
    return mask
  }
}
