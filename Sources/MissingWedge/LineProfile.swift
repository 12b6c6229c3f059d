package import Fields

/// The values along a line through the centre of a volume, and what can be measured on it.
package struct LineProfile: Sendable, Hashable, Codable {
  /// A unit vector (x, y, z).
  package let direction: [Double]
  /// From the centre, one voxel apart.
  package let offsets: [Double]
  package let values: [Double]
  /// The full width at half of the largest value, in voxels; `nil` where the profile does not fall
  /// that far inside the volume.
  package let halfWidth: Double?
  /// The lowest value over the largest: below zero where there are negative lobes.
  package let undershoot: Double
  /// The largest value beyond the first minimum on either side, over the largest of all; `nil` where
  /// there is no minimum.
  package let sideLobe: Double?

  package init(_ volume: Volume, along direction: [Double]) {
    let shape = volume.shape
    let middle = [shape.width, shape.sliceCount, shape.depth].map { Double($0 - 1) / 2 }
    let sampling = CubicSampling(volume: volume)
    let sample = { (t: Double) in
      sampling.value(
        x: middle[0] + t * direction[0], y: middle[1] + t * direction[1],
        z: middle[2] + t * direction[2])
    }
    // As far as the nearest face that the line meets.
    let reach = zip(middle, direction).map { $1 == 0 ? .infinity : $0 / abs($1) }.min() ?? 0
    let count = Int(reach.rounded(.down))
    self.direction = direction
    offsets = (-count...count).map { Double($0) }
    let values = offsets.map(sample)
    self.values = values
    let largest = values.max() ?? 0
    undershoot = largest > 0 ? (values.min() ?? 0) / largest : 0
    let ends = [-1, 1].map { sign -> Double? in
      let falls = (1...max(1, count)).first { step in
        step <= count && values[count + sign * step] < largest / 2
          && values[count + sign * (step - 1)] >= largest / 2
      }
      guard let falls else { return nil }
      var (above, below) = (Double(falls - 1), Double(falls))
      for _ in 0..<24 {
        let middle = (above + below) / 2
        if sample(Double(sign) * middle) >= largest / 2 { above = middle } else { below = middle }
      }
      return above
    }
    halfWidth = ends[0].flatMap { left in ends[1].map { left + $0 } }
    sideLobe = Self.sideLobe(values, centre: count, largest: largest)
  }

  private static func sideLobe(_ values: [Double], centre: Int, largest: Double) -> Double? {
    let lobes = [-1, 1].compactMap { sign -> Double? in
      let half = (0...centre).map { values[centre + sign * $0] }
      let minimum = half.indices.dropFirst().dropLast().first {
        half[$0] < largest / 2 && half[$0] <= half[$0 - 1] && half[$0] < half[$0 + 1]
      }
      return minimum.flatMap { half[$0...].max() }
    }
    return largest > 0 ? lobes.max().map { $0 / largest } : nil
  }
}
