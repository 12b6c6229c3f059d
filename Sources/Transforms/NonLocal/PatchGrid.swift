import Fields

/// How a field is cut into boxes in which patches are compared.
///
/// Boxes are `[a][b][c]` with c contiguous: a = z, b = x and c = y; of a field of one lane a is nothing, b = z and c = x.
/// Around each box lies a margin as wide as the window and a patch.
struct PatchGrid: Sendable {
  let shape: SlabShape
  /// How far partners lie apart at most, along each axis.
  let window: SIMD3<Int>
  /// 1 along axes on which a patch has neighbours, else 0.
  let patch: SIMD3<Int>
  /// Whole pages of one slab, which lie together in memory.
  let bands: [Band]
  /// One of each pair of opposite shifts.
  let shifts: [Shift]

  struct Band: Sendable {
    let slab: Int
    let pages: Range<Int>
  }

  struct Shift: Sendable {
    let offset: SIMD3<Int>
    /// `Π (1 − |t| / (w + 1))`, the triangle: unlike a box it has no negative Fourier coefficient.
    let weight: Float
  }

  /// - Parameter isLinked: whether patches and windows go across slices.
  init(_ shape: SlabShape, windowRadius: Int, isLinked: Bool) {
    self.shape = shape
    let alongC = shape.laneCount == 1 || isLinked ? 1 : 0
    patch = SIMD3(shape.laneCount == 1 ? 0 : 1, 1, alongC)
    let window = patch &* windowRadius
    self.window = window
    let height = shape.laneCount == 1 ? 32 : 16
    bands = (0..<shape.slabCount).flatMap { slab in
      stride(from: 0, to: shape.pageCount, by: height).map {
        Band(slab: slab, pages: $0..<min(shape.pageCount, $0 + height))
      }
    }
    shifts = (-window.x...window.x).flatMap { a in
      (-window.y...window.y).flatMap { b in
        (-window.z...window.z).compactMap { c in
          guard (a, b, c) > (0, 0, 0) else { return nil }
          let offset = SIMD3(a, b, c)
          let weight = (0..<3).reduce(Float(1)) {
            $0 * (1 - Float(abs(offset[$1])) / Float(window[$1] + 1))
          }
          return Shift(offset: offset, weight: weight)
        }
      }
    }
  }

  /// The floats of each band.
  var ranges: [Range<Int>] {
    bands.map { band in
      let start = band.slab * shape.slabLength + band.pages.lowerBound * shape.pageLength
      return start..<start + band.pages.count * shape.pageLength
    }
  }

  /// The boxes of a band, in the order of b.
  func boxes(of band: Band) -> [PatchBox] {
    guard shape.laneCount > 1 else {
      return [
        PatchBox(
          self, first: SIMD3(0, band.pages.lowerBound, 0),
          extent: SIMD3(1, band.pages.count, shape.positionCount))
      ]
    }
    return stride(from: 0, to: shape.positionCount, by: 64).map { x in
      PatchBox(
        self, first: SIMD3(band.pages.lowerBound, x, band.slab * shape.laneCount),
        extent: SIMD3(band.pages.count, min(64, shape.positionCount - x), shape.laneCount))
    }
  }
}
