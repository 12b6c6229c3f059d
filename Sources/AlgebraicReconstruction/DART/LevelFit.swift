import DenseAlgebra
import Fields
import Projection

/// The values `ρ` of the regions of a segmentation that explain a series best: `argmin_ρ ‖y − Σ ρ_k H 1_k‖²`.
///
/// - Reference: W. van Aarle, K. J. Batenburg and J. Sijbers, IEEE Trans. Image Process. 21, 4608 (2012).
struct LevelFit {
  /// One a level; the old one where no voxel has it.
  let values: [Double]
  /// One standard deviation, from the residual; `nil` where no voxel has the level.
  let errors: [Double?]

  /// - Returns: `nil` where projections do not tell the regions apart.
  init?(_ run: inout DiscreteRun, _ measured: FloatStorage) {
    let levels = run.scale.values
    var (used, seen): ([Int], [FloatStorage]) = ([], [])
    for (index, level) in levels.enumerated() where run.mark(Float(level)) {
      var projections = FloatStorage(zeros: run.projector.rangeCount)
      run.projector.project(run.between, into: &projections)
      used.append(index)
      seen.append(projections)
    }
    guard !used.isEmpty else { return nil }
    let gram = Matrix(rowCount: used.count, columnCount: used.count) {
      Self.product(seen[$0], seen[$1])
    }
    guard let factors = try? Cholesky(gram) else { return nil }
    let products = seen.map { Self.product($0, measured) }
    let found = factors.solve(products)
    let explained = zip(found, products).reduce(0) { $0 + $1.0 * $1.1 }
    let valueCount = run.projector.geometry.series.slabs.valueCount
    let variance = max(0, Self.product(measured, measured) - explained) / Double(valueCount)
    var (values, errors) = (levels, levels.map { _ in Double?.none })
    for (place, index) in used.enumerated() {
      let unit = used.indices.map { $0 == place ? 1.0 : 0 }
      values[index] = found[place]
      errors[index] = (variance * factors.solve(unit)[place]).squareRoot()
    }
    (self.values, self.errors) = (values, errors)
  }

  private static func product(_ a: FloatStorage, _ b: FloatStorage) -> Double {
    dot(a.span, b.span)
  }

  /// Ascending, within the bounds of voxels; `nil` where two fall together.
  func scale(within bounds: VoxelConstraint) -> LevelScale? {
    let values = self.values.sorted().map {
      min(max($0, Double(bounds.lower)), Double(bounds.upper))
    }
    guard zip(values, values.dropFirst()).allSatisfy({ Float($0) < Float($1) }) else { return nil }
    return LevelScale(values: values)
  }
}

extension DiscreteRun {
  /// `between ←` 1 where a voxel has a level, 0 elsewhere.
  ///
  /// - Returns: whether some has it.
  mutating func mark(_ level: Float) -> Bool {
    let (s, shape) = (segmented, shape)
    workers.forEachSlab(of: between.mutableSpan, length: shape.pageLength) { page, values in
      var values = values
      let s = s.span.extracting(page * shape.pageLength..<(page + 1) * shape.pageLength)
      let lanes = shape.slices(of: page / shape.pageCount).count
      for run in stride(from: 0, to: values.count, by: shape.laneCount) {
        for lane in 0..<lanes { values[run + lane] = s[run + lane] == level ? 1 : 0 }
        for lane in lanes..<shape.laneCount { values[run + lane] = 0 }
      }
    }
    return squares(between, shape: shape, workers: workers).contains { $0 > 0 }
  }
}

extension LevelScale {
  /// By k-means of the voxels, in a histogram of 4096 steps: from equal steps between the 0.5th and the 99.5th percentile.
  init(clustering x: FloatStorage, _ shape: SlabShape, into count: Int) {
    var (low, high) = (Float.infinity, -Float.infinity)
    Self.forEachVoxel(x, shape) { (low, high) = (min(low, $0), max(high, $0)) }
    guard high > low else {
      values = (0..<count).map { Double(low) + Double($0) }
      return
    }
    let steps = 4096
    var counts = [Int](repeating: 0, count: steps)
    let perValue = Float(steps) / (high - low)
    Self.forEachVoxel(x, shape) { counts[min(steps - 1, Int(($0 - low) * perValue))] += 1 }
    let centres = (0..<steps).map { Double(low) + (Double($0) + 0.5) / Double(perValue) }
    let total = counts.reduce(0, +)
    func percentile(_ part: Double) -> Double {
      var sum = 0
      let place = counts.firstIndex {
        sum += $0
        return Double(sum) >= part * Double(total)
      }
      return centres[place ?? steps - 1]
    }
    let (first, last) = (percentile(0.005), percentile(0.995))
    let step = max(last - first, 1e-6 * Double(high - low)) / Double(count - 1)
    values = Self.settled((0..<count).map { first + step * Double($0) }, counts, centres)
  }

  /// Lloyd's iterations; a level without voxels stays where it is.
  private static func settled(_ start: [Double], _ counts: [Int], _ centres: [Double]) -> [Double] {
    var levels = start
    for _ in 0..<50 {
      let thresholds = zip(levels, levels.dropFirst()).map { ($0 + $1) / 2 }
      var (sums, sizes) = (levels.map { _ in 0.0 }, levels.map { _ in 0 })
      for (count, centre) in zip(counts, centres) where count > 0 {
        let level = thresholds.count { centre > $0 }
        sums[level] += Double(count) * centre
        sizes[level] += count
      }
      let next = levels.indices.map { sizes[$0] > 0 ? sums[$0] / Double(sizes[$0]) : levels[$0] }
      if next == levels { break }
      levels = next
    }
    return levels
  }

  private static func forEachVoxel(
    _ x: FloatStorage, _ shape: SlabShape, _ body: (Float) -> Void
  ) {
    let values = x.span
    for slab in 0..<shape.slabCount {
      let lanes = shape.slices(of: slab).count
      let start = slab * shape.slabLength
      for run in stride(from: start, to: start + shape.slabLength, by: shape.laneCount) {
        for lane in 0..<lanes { body(values[run + lane]) }
      }
    }
  }
}
