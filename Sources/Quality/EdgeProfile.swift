package import Fields
import RealModule
import Statistics

/// The mean profile across the strongest edges of a volume: how wide they are, and whether they ring.
///
/// An edge is a voxel whose gradient (central differences) is longer than those one voxel before and
/// behind along its direction; a parabola through the three gives the place of the edge between voxels.
/// Of the strongest edges, at most 2000 and no weaker than a quarter of the steepest gradient, the values at −8 … 8 voxels along the gradient are interpolated
/// trilinearly and brought to one scale, each with the means over 4 … 8 voxels on either side as 0 and
/// 1, and averaged:
///
///     overshoot = max p(t > 0) − 1,   undershoot = −min p(t < 0),   width = t(p = 0.9) − t(p = 0.1)
///
/// A step cut off at a frequency f rings by 8.95 % on either side (Gibbs), and is 0.446 / f wide.
/// Profiles whose sides differ by more than 15 % of the step between 4 … 6 and 6 … 8 voxels are left out:
/// features that small have no sides.
package struct EdgeProfile: Sendable, Hashable {
  /// Edges that were averaged.
  package let edgeCount: Int
  /// In units of the step.
  package let overshoot: Double
  package let undershoot: Double
  /// From 10 % to 90 %, in voxels; `nil` where the mean profile does not cross both.
  package let width: Double?
  /// Distances from the edge in voxels, and the mean value at each.
  package let distances: [Double]
  package let values: [Double]

  static let reach = 8
  private static let most = 2000
  private static let fewest = 20
  private static let pageCount = 16

  /// - Returns: `nil` where there are too few edges 8 voxels from the faces.
  package init?(_ volume: Volume, workers: Workers = .all) {
    let field = SampledField(volume)
    let (nx, ny, nz) = (volume.shape.width, volume.shape.sliceCount, volume.shape.depth)
    guard nx > 4, nz > 4 || ny > 4 else { return nil }
    let steepest = workers.results(nz) { z in
      (0..<ny).reduce(0.0) { largest, y in
        (0..<nx).reduce(largest) { largest, x in
          let slope = field.gradient(x, y, z)
          return max(largest, (slope * slope).sum())
        }
      }
    }
    // What is far weaker than the strongest is noise beside them.
    let floor = (steepest.max() ?? 0).squareRoot() / 4
    // Some pages at a time, so that only the strongest of what was seen are held.
    var strongest: [Edge] = []
    for pages in stride(from: 0, to: nz, by: Self.pageCount) {
      let found = workers.results(min(Self.pageCount, nz - pages)) { page in
        field.edges(page: pages + page, above: floor)
      }
      strongest = Array(
        (strongest + found.flatMap { $0 })
          .sorted { ($0.strength, $1.order) > ($1.strength, $0.order) }.prefix(Self.most))
    }
    let offsets = (-2 * Self.reach...2 * Self.reach).map { Double($0) / 2 }
    let profiles = strongest.compactMap { field.profile(of: $0, at: offsets) }
    guard profiles.count >= Self.fewest else { return nil }
    let mean = offsets.indices.map { i in
      profiles.reduce(0.0) { $0 + $1[i] } / Double(profiles.count)
    }
    (edgeCount, distances, values) = (profiles.count, offsets, mean)
    let middle = offsets.count / 2
    overshoot = max(0, (mean[middle...].max() ?? 1) - 1)
    undershoot = max(0, -(mean[...middle].min() ?? 0))
    width = Self.width(mean)
  }

  /// Between the crossings nearest to the middle, linearly between samples half a voxel apart.
  private static func width(_ mean: [Double]) -> Double? {
    let middle = mean.count / 2
    var (low, high): (Double?, Double?)
    for i in (0..<middle).reversed() where low == nil && mean[i] <= 0.1 && mean[i + 1] > 0.1 {
      low = Double(i) + (0.1 - mean[i]) / (mean[i + 1] - mean[i])
    }
    for i in middle..<mean.count - 1 where high == nil && mean[i] < 0.9 && mean[i + 1] >= 0.9 {
      high = Double(i) + (0.9 - mean[i]) / (mean[i + 1] - mean[i])
    }
    guard let low, let high else { return nil }
    return (high - low) / 2
  }
}

/// An edge at a place between voxels, with its direction from dark to bright.
private struct Edge {
  let place: SIMD3<Double>
  let direction: SIMD3<Double>
  let strength: Double
  /// Settles ties.
  let order: Int
}

/// A volume between its voxels. An axis of fewer than five voxels has no direction of its own.
private struct SampledField: Sendable {
  private let volume: Volume
  private let counts: SIMD3<Int>

  /// Of the step: by how much a side may differ between 4 … 6 and 6 … 8 voxels.
  private static let mostBend = 0.15

  init(_ volume: Volume) {
    self.volume = volume
    counts = [volume.shape.width, volume.shape.sliceCount, volume.shape.depth]
  }

  /// Central differences; 0 along an axis that has no neighbour on either side.
  func gradient(_ x: Int, _ y: Int, _ z: Int) -> SIMD3<Double> {
    let (slabs, span) = (volume.shape.slabs, volume.voxels.span)
    let i = slabs.index(slice: y, page: z, position: x)
    var slope = SIMD3<Double>.zero
    if counts[0] > 4, x > 0, x < counts[0] - 1 {
      slope[0] = Double(span[i + slabs.laneCount] - span[i - slabs.laneCount]) / 2
    }
    if counts[1] > 4, y > 0, y < counts[1] - 1 {
      let (before, after) = (
        slabs.index(slice: y - 1, page: z, position: x),
        slabs.index(slice: y + 1, page: z, position: x)
      )
      slope[1] = Double(span[after] - span[before]) / 2
    }
    if counts[2] > 4, z > 0, z < counts[2] - 1 {
      slope[2] = Double(span[i + slabs.pageLength] - span[i - slabs.pageLength]) / 2
    }
    return slope
  }

  /// All edges of one page that are at least as strong as `floor`.
  func edges(page z: Int, above floor: Double) -> [Edge] {
    (0..<counts[1]).flatMap { y in
      (0..<counts[0]).compactMap { x in edge(x, y, z, above: floor) }
    }
  }

  /// The edge in a voxel, where there is one.
  private func edge(_ x: Int, _ y: Int, _ z: Int, above floor: Double) -> Edge? {
    let slope = gradient(x, y, z)
    let strength = (slope * slope).sum().squareRoot()
    guard strength > 0, strength >= floor else { return nil }
    let direction = slope / strength
    // The neighbours along the direction, at whole voxels: their gradients along it.
    let step = SIMD3<Int>(direction.rounded(.toNearestOrAwayFromZero))
    let here: SIMD3<Int> = [x, y, z]
    func along(_ place: SIMD3<Int>) -> Double? {
      for axis in 0..<3 where !(0..<counts[axis] ~= place[axis]) { return nil }
      return (gradient(place[0], place[1], place[2]) * direction).sum()
    }
    guard let before = along(here &- step), let after = along(here &+ step),
      strength > before, strength >= after
    else { return nil }
    let shift = lowestPlace(-before, -strength, -after)
    let length = (SIMD3<Double>(step) * direction).sum()
    return Edge(
      place: SIMD3<Double>(here) + direction * shift * length, direction: direction,
      strength: strength, order: (z * counts[1] + y) * counts[0] + x)
  }

  /// The values across an edge, 0 on its dark side and 1 on its bright one; `nil` where they leave the
  /// volume or do not rise.
  func profile(of edge: Edge, at offsets: [Double]) -> [Double]? {
    var values: [Double] = []
    for offset in offsets {
      guard let value = value(at: edge.place + edge.direction * offset) else { return nil }
      values.append(value)
    }
    let (dark, bright) = (
      mean(values, offsets, -8 ... -4), mean(values, offsets, 4...8)
    )
    let step = bright - dark
    guard step > edge.strength / 2 else { return nil }
    // A side that goes on rising or falling is not the side of a step.
    let bends = [
      mean(values, offsets, -8 ... -6) - mean(values, offsets, -6 ... -4),
      mean(values, offsets, 6...8) - mean(values, offsets, 4...6),
    ]
    guard bends.allSatisfy({ abs($0) <= Self.mostBend * step }) else { return nil }
    return values.map { ($0 - dark) / step }
  }

  /// The mean between two offsets, by the trapezoid rule.
  private func mean(_ values: [Double], _ offsets: [Double], _ part: ClosedRange<Double>) -> Double
  {
    let chosen = offsets.indices.filter { part.contains(offsets[$0]) }
    let sum = chosen.reduce(0.0) { $0 + values[$1] }
    let ends = values[chosen[0]] + values[chosen[chosen.count - 1]]
    return (sum - ends / 2) / Double(chosen.count - 1)
  }

  private func value(at place: SIMD3<Double>) -> Double? {
    var (first, share) = (SIMD3<Int>.zero, SIMD3<Double>.zero)
    for axis in 0..<3 {
      guard place[axis] >= -1e-9, place[axis] <= Double(counts[axis] - 1) + 1e-9 else { return nil }
      first[axis] = min(max(Int(place[axis]), 0), max(0, counts[axis] - 2))
      share[axis] = counts[axis] > 1 ? place[axis] - Double(first[axis]) : 0
    }
    var sum = 0.0
    for corner in 0..<8 {
      var (at, weight) = (first, 1.0)
      for axis in 0..<3 {
        let isUpper = corner >> axis & 1 == 1
        weight *= isUpper ? share[axis] : 1 - share[axis]
        if isUpper { at[axis] = min(at[axis] + 1, counts[axis] - 1) }
      }
      if weight != 0 { sum += weight * Double(volume[at[0], at[1], at[2]]) }
    }
    return sum
  }
}
