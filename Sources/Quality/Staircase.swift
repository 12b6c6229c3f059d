package import Fields

/// The share of an object's voxels that lie in flat patches.
///
/// A voxel is *flat* where it differs from each of its six neighbours by at most 0.5 % of the object's
/// contrast (mean inside less mean outside). Noise makes no voxel flat, nor does a slope; total variation turns both
/// into steps with flat treads. Of a slope cut into treads of w voxels, `(w − 2) / w` is flat.
/// Particles of one material are flat by right: the share alone does not tell which it is.
/// Cost: O(N) for N voxels.
package struct Staircase: Sendable, Hashable {
  /// Between 0 and 1; `nil` where there is no object.
  package let flatShare: Double?

  /// Of the contrast.
  static let tolerance = 0.005

  package init(_ volume: Volume, _ object: ObjectRegion, workers: Workers = .all) {
    let shape = volume.shape
    let (threshold, limit) = (Float(object.threshold), Float(abs(object.contrast) * Self.tolerance))
    let parts = workers.results(shape.depth) { z in
      var (inside, flat) = (0, 0)
      for y in 0..<shape.sliceCount {
        for x in 0..<shape.width {
          let value = volume[x, y, z]
          guard value > threshold else { continue }
          inside += 1
          func isLevel(_ x: Int, _ y: Int, _ z: Int) -> Bool {
            guard 0..<shape.width ~= x, 0..<shape.sliceCount ~= y, 0..<shape.depth ~= z else {
              return true
            }
            return abs(volume[x, y, z] - value) <= limit
          }
          if isLevel(x - 1, y, z), isLevel(x + 1, y, z), isLevel(x, y, z - 1), isLevel(x, y, z + 1),
            isLevel(x, y - 1, z), isLevel(x, y + 1, z)
          {
            flat += 1
          }
        }
      }
      return (inside, flat)
    }
    let (inside, flat) = parts.reduce((0, 0)) { ($0.0 + $1.0, $0.1 + $1.1) }
    flatShare = inside > 0 ? Double(flat) / Double(inside) : nil
  }
}
