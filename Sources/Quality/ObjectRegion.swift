package import Fields
import RealModule

/// Where the object is: what lies above a threshold that parts bright from dark best (Otsu).
///
/// Noise would be taken for an object. So blocks of voxels are averaged first, four along an axis of 64
/// voxels or more, two along one of 32 or more, and looked at in their place.
///
/// The threshold t maximises the variance between the two classes, `n₀ n₁ (m₀ − m₁)²`, over 1024 levels
/// between the extremes. The diameter D is twice the distance from the centre of mass of these blocks in
/// the plane (x, z), over all slices, within which 99 % of them lie: of a uniform disc 0.995 of its own.
///
/// - Reference: N. Otsu, IEEE Trans. Syst. Man Cybern. 9, 62 (1979).
package struct ObjectRegion: Sendable, Hashable {
  package let threshold: Double
  /// The mean inside less the mean outside.
  package let contrast: Double
  /// D, in voxels; at least one.
  package let diameter: Double

  private static let levelCount = 1024

  /// - Throws: ``QualityError/constantVolume``
  package init(of original: Volume, workers: Workers = .all) throws(QualityError) {
    let (volume, edge) = original.blocks(workers)
    let slabs = volume.shape.slabs
    let (low, high) = Self.extremes(volume, workers)
    guard low < high else { throw .constantVolume }
    let scale = Double(Self.levelCount) / (high - low)
    let parts = workers.results(slabs.slabCount) { slab in
      var counts = [Int](repeating: 0, count: Self.levelCount)
      volume.forEachVoxel(of: slab) { value, _, _ in
        counts[min(Self.levelCount - 1, Int((Double(value) - low) * scale))] += 1
      }
      return counts
    }
    let counts = (0..<Self.levelCount).map { level in parts.reduce(0) { $0 + $1[level] } }
    let split = Self.split(counts)
    threshold = low + Double(split) / scale
    let region = Self.moments(volume, above: threshold, edge: edge, workers)
    contrast =
      region.inside / Double(max(1, region.count))
      - region.outside / Double(max(1, slabs.valueCount - region.count))
    diameter = region.diameter
  }

  private static func extremes(_ volume: Volume, _ workers: Workers) -> (Double, Double) {
    let slabs = volume.shape.slabs
    let parts = workers.results(slabs.slabCount) { slab in
      var (low, high) = (Float.infinity, -Float.infinity)
      volume.forEachVoxel(of: slab) { value, _, _ in
        (low, high) = (min(low, value), max(high, value))
      }
      return (low, high)
    }
    return (
      Double(parts.map(\.0).min() ?? 0), Double(parts.map(\.1).max() ?? 0)
    )
  }

  /// The first level of the upper class.
  private static func split(_ counts: [Int]) -> Int {
    let total = counts.reduce(0, +)
    let weighted = counts.indices.reduce(0.0) { $0 + (Double($1) + 0.5) * Double(counts[$1]) }
    var (below, sum, best, place) = (0, 0.0, -1.0, 1)
    for level in 0..<counts.count - 1 {
      below += counts[level]
      sum += (Double(level) + 0.5) * Double(counts[level])
      guard below > 0, below < total else { continue }
      let difference = sum / Double(below) - (weighted - sum) / Double(total - below)
      let spread = Double(below) * Double(total - below) * difference * difference
      if spread > best { (best, place) = (spread, level + 1) }
    }
    return place
  }

  private static func moments(
    _ volume: Volume, above threshold: Double, edge: (x: Int, z: Int), _ workers: Workers
  ) -> (count: Int, inside: Double, outside: Double, diameter: Double) {
    let (slabs, width) = (volume.shape.slabs, volume.shape.width)
    let parts = workers.results(slabs.slabCount) { slab in
      var columns = [Int](repeating: 0, count: slabs.runCount)
      var (inside, outside) = (0.0, 0.0)
      volume.forEachVoxel(of: slab) { value, x, z in
        if Double(value) > threshold {
          columns[z * width + x] += 1
          inside += Double(value)
        } else {
          outside += Double(value)
        }
      }
      return (columns: columns, inside: inside, outside: outside)
    }
    let columns = (0..<slabs.runCount).map { run in parts.reduce(0) { $0 + $1.columns[run] } }
    let count = columns.reduce(0, +)
    let x =
      columns.indices.reduce(0.0) { $0 + Double($1 % width * columns[$1]) } / Double(max(1, count))
    let z =
      columns.indices.reduce(0.0) { $0 + Double($1 / width * columns[$1]) } / Double(max(1, count))
    let distances = columns.indices.filter { columns[$0] > 0 }.map { run in
      (
        Double.hypot(
          (Double(run % width) - x) * Double(edge.x), (Double(run / width) - z) * Double(edge.z)),
        columns[run]
      )
    }.sorted { $0.0 < $1.0 }
    var (behind, radius) = (0, 0.0)
    for (distance, voxels) in distances where Double(behind) < 0.99 * Double(count) {
      behind += voxels
      radius = distance
    }
    return (
      count, parts.reduce(0) { $0 + $1.inside }, parts.reduce(0) { $0 + $1.outside },
      max(1, 2 * radius)
    )
  }
}

extension Volume {
  /// Means over blocks, with the edges of a block along x and z.
  fileprivate func blocks(_ workers: Workers) -> (Volume, (x: Int, z: Int)) {
    func edge(_ count: Int) -> Int { count >= 64 ? 4 : count >= 32 ? 2 : 1 }
    let (bx, by, bz) = (edge(shape.width), edge(shape.sliceCount), edge(shape.depth))
    guard max(bx, by, bz) > 1 else { return (self, (1, 1)) }
    let small = VolumeShape(
      width: (shape.width + bx - 1) / bx, depth: (shape.depth + bz - 1) / bz,
      sliceCount: (shape.sliceCount + by - 1) / by)
    var result = Volume(zeros: small)
    let slabs = small.slabs
    workers.forEachSlab(of: result.voxels.mutableSpan, length: slabs.pageLength) { page, values in
      var values = values
      let (slab, z) = page.quotientAndRemainder(dividingBy: slabs.pageCount)
      for y in slabs.slices(of: slab) {
        for x in 0..<small.width {
          var (sum, count) = (0.0, 0)
          for c in z * bz..<min(shape.depth, (z + 1) * bz) {
            for b in y * by..<min(shape.sliceCount, (y + 1) * by) {
              for a in x * bx..<min(shape.width, (x + 1) * bx) {
                sum += Double(self[a, b, c])
                count += 1
              }
            }
          }
          values[x * slabs.laneCount + y % slabs.laneCount] = Float(sum / Double(count))
        }
      }
    }
    return (result, (bx, bz))
  }

  /// Calls `body` with the value and the place of every true voxel of one slab.
  @inline(__always)
  func forEachVoxel(of slab: Int, _ body: (_ value: Float, _ x: Int, _ z: Int) -> Void) {
    let slabs = shape.slabs
    let (span, lanes) = (voxels.span, slabs.slices(of: slab).count)
    for z in 0..<shape.depth {
      for x in 0..<shape.width {
        let run = slab * slabs.slabLength + (z * shape.width + x) * slabs.laneCount
        for i in run..<run + lanes { body(span[i], x, z) }
      }
    }
  }
}
