import Fields
import Projection

extension Volume {
  /// The volume without `margin` voxels at either end of x.
  func cropped(by margin: Int, workers: Workers) -> Volume {
    guard margin > 0 else { return self }
    let inner = VolumeShape(
      width: shape.width - 2 * margin, depth: shape.depth, sliceCount: shape.sliceCount)
    var result = Volume(zeros: inner, voxelSize: voxelSize)
    let (from, to) = (shape.slabs, inner.slabs)
    let source = voxels
    workers.forEachSlab(of: result.voxels.mutableSpan, length: to.pageLength) { page, values in
      var values = values
      let start = page * from.pageLength + margin * from.laneCount
      values.copy(start..<start + to.pageLength, of: source.span, to: 0)
    }
    return result
  }

  /// `v ← (v − other) / 2`
  mutating func halveDifference(to other: Volume, workers: Workers) {
    let length = shape.slabs.pageLength
    workers.forEachSlab(of: voxels.mutableSpan, length: length) { page, values in
      var values = values
      let span = other.voxels.span
      for i in values.indices { values[i] = (values[i] - span[page * length + i]) / 2 }
    }
  }
}

extension Volume {
  /// `Σ v² / N` over the voxels.
  func meanSquare(workers: Workers) -> Double {
    let slabs = shape.slabs
    let sums = workers.results(slabs.slabCount * slabs.pageCount) { page in
      let (span, lanes) = (voxels.span, slabs.slices(of: page / slabs.pageCount).count)
      var sum = 0.0
      for position in 0..<slabs.positionCount {
        let start = page * slabs.pageLength + position * slabs.laneCount
        for i in start..<start + lanes { sum += Double(span[i]) * Double(span[i]) }
      }
      return sum
    }
    return sums.reduce(0, +) / Double(slabs.valueCount)
  }
}

extension FloatStorage {
  /// Adds `constant` to every true value of a field.
  mutating func add(_ constant: Float, workers: Workers, _ shape: SlabShape) {
    guard constant != 0 else { return }
    workers.forEachSlab(of: mutableSpan, length: shape.pageLength) { page, values in
      var values = values
      let lanes = shape.slices(of: page / shape.pageCount).count
      for position in 0..<shape.positionCount {
        for lane in 0..<lanes { values[position * shape.laneCount + lane] += constant }
      }
    }
  }
}

extension TiltSeries {
  /// Whether every value is a whole number.
  var isCounted: Bool {
    let values = projections.span
    for i in values.indices where values[i] != values[i].rounded() { return false }
    return true
  }
}

extension TiltGeometry {
  /// The same tilts and offsets for a volume of another width, about the same centre.
  static func placing(_ volume: VolumeShape, in geometry: TiltGeometry) -> TiltGeometry {
    guard volume != geometry.volume else { return geometry }
    // A geometry that was valid stays so with another width.
    guard
      let placed = try? TiltGeometry(
        volume: volume, series: geometry.series,
        degrees: geometry.tilts.map { max(-180, min(180, $0 * 180 / .pi)) },
        axisOffset: geometry.axisOffset, zOffset: geometry.zOffset)
    else { preconditionFailure("a narrower volume fits where the wider one did") }
    return placed.seen(through: geometry.optics)
  }
}
