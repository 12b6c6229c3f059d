package import Fields
import RealModule

/// The second derivatives at the centre of a volume, seen through a Gaussian.
///
///     f_ab = Σ_r v(r) ∂_a ∂_b G(r),   G a Gaussian of standard deviation `scale`
///
/// Differences between neighbouring voxels would measure the interpolation of the projector. An isotropic
/// Gaussian leaves the ratio of curvatures of a back-projection as it is: √(f_xx / f_zz) at the centre of
/// any isotropic object is the elongation of the point spread. Voxels farther than five `scale` are left
/// out.
package struct PeakCurvature: Sendable, Hashable, Codable {
  /// `−f_xx` and so on, over the value at the peak, in 1/voxel².
  package let x: Double
  package let y: Double
  package let z: Double
  /// The root of the ratio of the principal curvatures in the plane (x, z); `nil` where one is not
  /// above zero.
  package let elongation: Double?
  /// The direction of the smaller one, in degrees from x towards z.
  package let direction: Double

  /// - Parameter scale: voxels, such as the standard deviation of a blob.
  /// - Returns: `nil` where there is no peak.
  package init?(_ volume: Volume, scale: Double) {
    let shape = volume.shape
    let sides = [shape.width, shape.sliceCount, shape.depth]
    let reach = 5 * scale
    let taps = sides.map { count in
      let middle = Double(count - 1) / 2
      return (0..<count).filter { abs(Double($0) - middle) <= reach }
        .map { (index: $0, t: Double($0) - middle) }
    }
    let square = scale * scale
    let weight = { (t: Double) in Double.exp(-t * t / (2 * square)) }
    // Moments of v G: of 1, x², y², z² and xz.
    var (sum, xx, yy, zz, xz) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for (k, w) in taps[2] {
      for (j, v) in taps[1] {
        for (i, u) in taps[0] {
          let value = Double(volume[i, j, k]) * weight(u) * weight(v) * weight(w)
          sum += value
          xx += value * u * u
          yy += value * v * v
          zz += value * w * w
          xz += value * u * w
        }
      }
    }
    guard sum > 0 else { return nil }
    // ∂² G = (t² / s⁴ − 1 / s²) G
    let second = { (moment: Double) in (1 - moment / sum / square) / square }
    (x, y, z) = (second(xx), second(yy), second(zz))
    let mixed = -xz / sum / (square * square)
    let (mean, half) = ((x + z) / 2, Double.hypot((x - z) / 2, mixed))
    elongation = mean > half ? ((mean + half) / (mean - half)).squareRoot() : nil
    let steepest = Double.atan2(y: 2 * mixed, x: x - z) / 2
    let along = (steepest + .pi / 2) * 180 / .pi
    direction = along - (along / 180).rounded(.up) * 180 + 180
  }
}
