import Fields

/// A volume between its voxels, by cubic convolution along each axis (Catmull and Rom), and zero
/// outside.
///
/// - Reference: R. G. Keys, IEEE Trans. Acoust. Speech Signal Process. 29, 1153 (1981).
struct CubicSampling {
  let volume: Volume

  /// The value at a place in voxels, counted from the centre of voxel (0, 0, 0).
  func value(x: Double, y: Double, z: Double) -> Double {
    let (along, across, up) = (Self.taps(x), Self.taps(y), Self.taps(z))
    var sum = 0.0
    for (k, wz) in up where 0..<volume.shape.depth ~= k && wz != 0 {
      for (j, wy) in across where 0..<volume.shape.sliceCount ~= j && wy != 0 {
        for (i, wx) in along where 0..<volume.shape.width ~= i && wx != 0 {
          sum += wx * wy * wz * Double(volume[i, j, k])
        }
      }
    }
    return sum
  }

  private static func taps(_ place: Double) -> [(index: Int, weight: Double)] {
    let first = place.rounded(.down)
    let (t, i) = (place - first, Int(first))
    return [
      (i - 1, ((2 - t) * t - 1) * t / 2), (i, ((3 * t - 5) * t * t + 2) / 2),
      (i + 1, ((4 - 3 * t) * t + 1) * t / 2), (i + 2, (t - 1) * t * t / 2),
    ]
  }
}
