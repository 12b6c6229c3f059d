/// The structural similarity of two volumes over uniform windows of 7 × 7 × 7 voxels.
///
///     S = (2 μx μt + C₁)(2 σxt + C₂) / ((μx² + μt² + C₁)(σx² + σt² + C₂))
///
/// with C₁ = (0.01 range)², C₂ = (0.03 range)² and unbiased (co)variances. Only windows that lie
/// inside count; an axis of a single voxel has a window of one, so that one slice is judged as a
/// picture. Cost: O(1) per voxel, memory 38 · slices · 64 bytes per worker.
///
/// Source: Z. Wang et al., IEEE Trans. Image Process. 13 (2004) 600–612; the window is the default
/// of scikit-image.
struct StructuralSimilarity {
  private let (c1, c2): (Double, Double)

  /// - Parameter range: the range of true values; nothing is defined where it is zero.
  init?(range: Double) {
    guard range > 0 else { return nil }
    (c1, c2) = (0.01 * range * 0.01 * range, 0.03 * range * 0.03 * range)
  }

  /// Sums of x, t, x², t² and xt.
  private typealias Moments = SIMD8<Double>

  /// The mean over windows whose centre is compared; `nil` where there is none.
  func mean(of voxels: ComparedVoxels, scale: Double, workers: Workers) -> Double? {
    let shape = voxels.truth.shape
    let sides = Sides(shape)
    let centres = sides.x / 2..<max(sides.x / 2, shape.width - sides.x / 2)
    let strip = 32
    let parts = workers.results((centres.count + strip - 1) / strip) { part in
      let first = centres.lowerBound + part * strip
      return sum(
        of: voxels, scale: scale, columns: first..<min(centres.upperBound, first + strip))
    }
    let total = parts.reduce(0) { $0 + $1.sum }
    let count = parts.reduce(0) { $0 + $1.count }
    return count > 0 ? total / Double(count) : nil
  }

  /// The sides of the window.
  private struct Sides {
    let (x, y, z): (Int, Int, Int)
    init(_ shape: VolumeShape) {
      x = shape.width > 1 ? 7 : 1
      y = shape.sliceCount > 1 ? 7 : 1
      z = shape.depth > 1 ? 7 : 1
    }
    var volume: Double { Double(x * y * z) }
  }

  /// Walks down the pages with running sums, for windows centred on `columns`.
  private func sum(
    of voxels: ComparedVoxels, scale: Double, columns: Range<Int>
  ) -> (sum: Double, count: Int) {
    let shape = voxels.truth.shape
    let (sides, height) = (Sides(shape), shape.sliceCount)
    let wide = columns.lowerBound - sides.x / 2..<columns.upperBound + sides.x / 2
    var depthSums = [Moments](repeating: .zero, count: wide.count * height)
    var rowSums = [Moments](repeating: .zero, count: height)
    var (sum, count) = (0.0, 0)
    for z in 0..<shape.depth {
      add(page: z, of: voxels, scale: scale, columns: wide, sign: 1, to: &depthSums)
      if z >= sides.z {
        add(page: z - sides.z, of: voxels, scale: scale, columns: wide, sign: -1, to: &depthSums)
      }
      guard z >= sides.z - 1 else { continue }
      for y in 0..<height { rowSums[y] = .zero }
      for column in 0..<wide.count {
        let (entering, leaving) = (column * height, (column - sides.x) * height)
        for y in 0..<height {
          rowSums[y] += depthSums[entering + y]
          if leaving >= 0 { rowSums[y] -= depthSums[leaving + y] }
        }
        guard column >= sides.x - 1 else { continue }
        let x = wide.lowerBound + column - sides.x / 2
        var window = Moments.zero
        for y in 0..<height {
          window += rowSums[y]
          if y >= sides.y { window -= rowSums[y - sides.y] }
          guard y >= sides.y - 1 else { continue }
          if let mask = voxels.mask, !(mask[x, y - sides.y / 2, z - sides.z / 2] > 0.5) { continue }
          sum += similarity(window, count: sides.volume)
          count += 1
        }
      }
    }
    return (sum, count)
  }

  /// Adds the moments of one page to `sums`, `[column][slice]`.
  private func add(
    page: Int, of voxels: ComparedVoxels, scale: Double, columns: Range<Int>, sign: Double,
    to sums: inout [Moments]
  ) {
    let shape = voxels.truth.shape.slabs
    let (estimate, truth) = (voxels.estimate.voxels.span, voxels.truth.voxels.span)
    for slab in 0..<shape.slabCount {
      let slices = shape.slices(of: slab)
      for (column, x) in columns.enumerated() {
        let run = ((slab * shape.pageCount + page) * shape.positionCount + x) * shape.laneCount
        let row = column * shape.sliceCount + slices.lowerBound
        for lane in 0..<slices.count {
          let (x, t) = (scale * Double(estimate[run + lane]), Double(truth[run + lane]))
          // Such voxels lie outside the mask.
          guard x.isFinite && t.isFinite else { continue }
          sums[row + lane] += sign * Moments(x, t, x * x, t * t, x * t, 0, 0, 0)
        }
      }
    }
  }

  /// `S` of one window from the sums over its `count` voxels.
  private func similarity(_ sums: Moments, count: Double) -> Double {
    let means = sums / count
    let (x, t) = (means[0], means[1])
    let unbiased = count / (count - 1)
    let variances = unbiased * (means[2] - x * x + (means[3] - t * t))
    let covariance = unbiased * (means[4] - x * t)
    return (2 * x * t + c1) * (2 * covariance + c2)
      / ((x * x + t * t + c1) * (variances + c2))
  }
}
