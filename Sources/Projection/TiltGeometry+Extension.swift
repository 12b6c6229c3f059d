import RealModule

extension TiltGeometry {
  /// How many voxels beyond either side of x tilted rays see that meet the detector and the depth of the volume.
  ///
  /// A ray that lands on the edge of the detector, at s = N/2, leaves the depth D at
  ///
  ///     |x| = (N/2 + D/2 |sin θ|) / |cos θ|
  ///
  /// At most as many as the volume is wide: rays beyond 60° to 70° would ask for more, and add little.
  ///
  /// - Parameters:
  ///   - width: of the volume without extension.
  ///   - degrees: one angle per projection.
  package static func extensionCount(
    width: Int, depth: Int, binCount: Int, degrees: [Double]
  ) -> Int {
    let reach = degrees.map { degrees -> Double in
      let angle = degrees * .pi / 180
      return (Double(binCount) / 2 + Double(depth) / 2 * abs(.sin(angle)))
        / max(abs(.cos(angle)), 1e-3)
    }
    let beyond = ((reach.max() ?? 0) - Double(width) / 2).rounded(.up)
    return Int(min(max(beyond, 0), Double(width)))
  }
}
