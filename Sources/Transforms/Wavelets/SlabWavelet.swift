package import Fields

/// The separable orthogonal wavelet transform of a volume, periodic along each axis, in place.
///
/// At each level the low-pass corner of the level before is split along every axis. An axis is
/// halved as long as its length is even and no shorter than the filter; otherwise it is left whole
/// from that level on (no voxel is added, so that the transform is orthogonal for every shape).
/// Volumes are `[slab][z][x][lane]`; the low-pass half of an axis comes first.
/// Cost: O(voxels × taps × axes).
package struct SlabWavelet: Sendable {
  package let shape: SlabShape
  package let wavelet: Wavelet
  package let workers: Workers
  /// The box that each level splits, and last the one that is left.
  let boxes: [Box]
  private let bank: FilterBank
  private let scratch: ScratchPool
  private let planes: ScratchPool
  private let slices: ScratchPool
  private static let columnCount = 4
  private static let pagesTogether = 8

  /// Extents of a low-pass corner.
  struct Box: Sendable, Equatable {
    var x: Int
    var z: Int
    var y: Int
  }

  /// - Parameter levels: how often an axis is halved at most.
  package init(
    _ shape: SlabShape, wavelet: Wavelet = .db2, levels: Int = 4,
    reach: SlabGradient.Reach = .space, workers: Workers = .all
  ) {
    (self.shape, self.wavelet, self.workers) = (shape, wavelet, workers)
    bank = FilterBank(wavelet)
    let taps = 2 * wavelet.rawValue
    func half(_ length: Int) -> Int {
      length.isMultiple(of: 2) && length >= taps ? length / 2 : length
    }
    var box = Box(x: shape.positionCount, z: shape.pageCount, y: shape.sliceCount)
    var boxes = [box]
    for _ in 0..<levels {
      let next = Box(x: half(box.x), z: half(box.z), y: reach == .space ? half(box.y) : box.y)
      guard next != box else { break }
      boxes.append(next)
      box = next
    }
    self.boxes = boxes
    let longest = max(shape.positionCount, shape.pageCount * Self.columnCount)
    scratch = ScratchPool(length: longest * shape.laneCount)
    let plane = shape.sliceCount * shape.positionCount
    planes = ScratchPool(length: plane)
    slices = ScratchPool(length: Self.pagesTogether * plane)
  }

  package var levels: Int { boxes.count - 1 }
  /// Axes that are halved at least once.
  package var splitAxisCount: Int {
    let (first, last) = (boxes[0], boxes[levels])
    return [last.x < first.x, last.z < first.z, last.y < first.y].count { $0 }
  }

  /// `v ← W v`
  package func analyse(_ field: inout FloatStorage) {
    precondition(field.count == shape.count, "the field does not fit")
    for level in 0..<levels {
      let (box, next) = (boxes[level], boxes[level + 1])
      if next.x < box.x { alongX(&field, box, forward: true) }
      if next.z < box.z { alongZ(&field, box, forward: true) }
      if next.y < box.y { alongY(&field, box, forward: true) }
    }
  }

  /// `v ← Wᵀ v = W⁻¹ v`
  package func synthesise(_ field: inout FloatStorage) {
    precondition(field.count == shape.count, "the field does not fit")
    for level in (0..<levels).reversed() {
      let (box, next) = (boxes[level], boxes[level + 1])
      if next.y < box.y { alongY(&field, box, forward: false) }
      if next.z < box.z { alongZ(&field, box, forward: false) }
      if next.x < box.x { alongX(&field, box, forward: false) }
    }
  }

  private func split(
    _ source: Span<Float>, rows: Int, columns: Int, forward: Bool,
    into target: inout MutableSpan<Float>
  ) {
    if forward {
      bank.analyse(source, rows: rows, columns: columns, into: &target)
    } else {
      bank.synthesise(source, rows: rows, columns: columns, into: &target)
    }
  }

  private func slabs(_ box: Box) -> Range<Int> {
    0..<(box.y + shape.laneCount - 1) / shape.laneCount
  }

  /// A page is a block already.
  private func alongX(_ field: inout FloatStorage, _ box: Box, forward: Bool) {
    let parts = slabs(box).flatMap { slab in
      (0..<box.z).map { z in
        let start = (slab * shape.pageCount + z) * shape.pageLength
        return start..<start + box.x * shape.laneCount
      }
    }
    workers.forEachPart(of: field.mutableSpan, parts) { _, values in
      var values = values
      scratch.withScratch { scratch in
        var target = scratch.mutableSpan
        split(
          values.span, rows: box.x, columns: shape.laneCount, forward: forward, into: &target)
        values.copy(0..<values.count, of: target.span, to: 0)
      }
    }
  }

  /// A few runs of all pages are gathered into a block.
  private func alongZ(_ field: inout FloatStorage, _ box: Box, forward: Bool) {
    let parts = slabs(box).map { $0 * shape.slabLength..<($0 + 1) * shape.slabLength }
    workers.forEachPart(of: field.mutableSpan, parts) { _, values in
      var values = values
      scratch.withScratch { source in
        scratch.withScratch { target in
          for x in stride(from: 0, to: box.x, by: Self.columnCount) {
            let columns = min(Self.columnCount, box.x - x) * shape.laneCount
            let first = x * shape.laneCount
            var block = source.mutableSpan
            for z in 0..<box.z {
              let start = z * shape.pageLength + first
              block.copy(start..<start + columns, of: values.span, to: z * columns)
            }
            var result = target.mutableSpan
            split(source.span, rows: box.z, columns: columns, forward: forward, into: &result)
            for z in 0..<box.z {
              values.copy(
                z * columns..<(z + 1) * columns, of: target.span,
                to: z * shape.pageLength + first)
            }
          }
        }
      }
    }
  }

  /// The slices of a page lie in different slabs: each page is transposed to `[slice][x]` and split,
  /// and afterwards each slab takes its own back.
  private func alongY(_ field: inout FloatStorage, _ box: Box, forward: Bool) {
    let length = box.y * box.x
    slices.withScratch { halves in
      for first in stride(from: 0, to: box.z, by: Self.pagesTogether) {
        let pages = first..<min(box.z, first + Self.pagesTogether)
        splitSlices(of: field, pages, box, forward: forward, into: &halves)
        let source = halves.span
        let parts = slabs(box).map { slab in
          let start = slab * shape.slabLength
          return start + pages.lowerBound * shape.pageLength..<start
            + pages.upperBound * shape.pageLength
        }
        workers.forEachPart(of: field.mutableSpan, parts) { slab, values in
          var values = values
          let slices = slab * shape.laneCount..<min(box.y, (slab + 1) * shape.laneCount)
          for page in 0..<pages.count {
            for x in 0..<box.x {
              let run = page * shape.pageLength + x * shape.laneCount
              let column = page * length + slices.lowerBound * box.x + x
              for lane in 0..<slices.count {
                values[run + lane] = source[column + lane * box.x]
              }
            }
          }
        }
      }
    }
  }

  /// Transposes some pages to `[page][slice][x]` and splits them along the slices.
  private func splitSlices(
    of field: borrowing FloatStorage, _ pages: Range<Int>, _ box: Box, forward: Bool,
    into result: inout FloatStorage
  ) {
    let (length, voxels) = (box.y * box.x, field.span)
    let parts = (0..<pages.count).map { $0 * length..<($0 + 1) * length }
    workers.forEachPart(of: result.mutableSpan, parts) { page, values in
      var values = values
      let z = pages.lowerBound + page
      planes.withScratch { source in
        var rows = source.mutableSpan
        for slab in slabs(box) {
          let slices = slab * shape.laneCount..<min(box.y, (slab + 1) * shape.laneCount)
          let start = (slab * shape.pageCount + z) * shape.pageLength
          for x in 0..<box.x {
            for (lane, slice) in slices.enumerated() {
              rows[slice * box.x + x] = voxels[start + x * shape.laneCount + lane]
            }
          }
        }
        split(source.span, rows: box.y, columns: box.x, forward: forward, into: &values)
      }
    }
  }

  /// Clips what tells details to `|c| ≤ radius`, and sets the last low-pass corner to zero.
  package func projectDetails(_ coefficients: inout FloatStorage, radius: Float) {
    let corner = boxes[levels]
    workers.forEachSlab(of: coefficients.mutableSpan, length: shape.pageLength) { page, values in
      var values = values
      for i in values.indices {
        let c = unsafe values[unchecked: i]
        unsafe values[unchecked: i] = c > radius ? radius : c < -radius ? -radius : c
      }
      clearCorner(corner, page: page, &values)
    }
  }

  /// `Σ |c|` over details.
  package func detailSum(_ coefficients: FloatStorage) -> Double {
    let corner = boxes[levels]
    let sums = workers.results(shape.slabCount * shape.pageCount) { page in
      let values = coefficients.span
      let start = page * shape.pageLength
      return scratch.withScratch { copy in
        var details = copy.mutableSpan
        details.copy(start..<start + shape.pageLength, of: values, to: 0)
        clearCorner(corner, page: page, &details)
        var sum = 0.0
        for i in 0..<shape.pageLength { sum += Double(abs(details[i])) }
        return sum
      }
    }
    return sums.reduce(0, +)
  }

  private func clearCorner(_ corner: Box, page: Int, _ values: inout MutableSpan<Float>) {
    let (slab, z) = page.quotientAndRemainder(dividingBy: shape.pageCount)
    let lanes = min(shape.laneCount, corner.y - slab * shape.laneCount)
    guard z < corner.z && lanes > 0 else { return }
    for x in 0..<corner.x {
      for l in 0..<lanes { values[x * shape.laneCount + l] = 0 }
    }
  }
}
