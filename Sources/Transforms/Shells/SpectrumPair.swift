package import Fields
import RealModule

/// The Fourier transforms of two real volumes of one shape.
///
/// Both are transformed as one complex volume, C = A + iB, `[z][y][x]`, and told apart by symmetry:
///
///     A(k) = (C(k) + C*(−k)) / 2,   B(k) = (C(k) − C*(−k)) / 2i
///
/// Before that, both may be multiplied by one window that falls to zero at the faces of the box, so
/// that opposite faces do not form an edge. Cost: O(N log N) for N voxels; memory: 8 bytes per voxel.
package struct SpectrumPair: Sendable {
  package let shape: VolumeShape
  /// The part of the coefficients that is independent under the window: `⟨w²⟩² / ⟨w⁴⟩`.
  package let independentFraction: Double
  /// The part of a shell's coefficients that the noise makes independent; see ``NoiseExtent``.
  package let noiseFraction: Double
  /// `[z][y][x]`, real and imaginary part in turn.
  package let values: FloatStorage

  /// - Parameters:
  ///   - taper: the part of each side, between 0 and 0.5, over which the window rises from either face;
  ///     axes of fewer than eight voxels have none.
  package init(_ first: Volume, _ second: Volume, taper: Double = 0, workers: Workers = .all) {
    precondition(first.shape == second.shape, "volumes differ in shape")
    shape = first.shape
    let (nx, ny, nz) = (shape.width, shape.sliceCount, shape.depth)
    let windows = [nx, ny, nz].map { Self.window($0, taper: taper) }
    independentFraction = windows.reduce(1) { product, window in
      let (two, four) = window.reduce((0.0, 0.0)) { sums, w in
        (sums.0 + w * w, sums.1 + w * w * w * w)
      }
      return product * two * two / (four * Double(window.count))
    }
    let (wx, wy, wz) = (windows[0], windows[1], windows[2])
    noiseFraction = NoiseExtent(first, second, windows: windows, workers: workers).shellFraction
    let (a, b, slabs) = (first.voxels, second.voxels, shape.slabs)
    var block = FloatStorage(zeros: 2 * nx * ny * nz)
    let plane = PlaneTransform(rows: ny, columns: nx)
    workers.forEachSlab(of: block.mutableSpan, length: 2 * nx * ny) { z, values in
      var values = values
      for y in 0..<ny {
        let start = slabs.index(slice: y, page: z, position: 0)
        for x in 0..<nx {
          let (i, w) = (start + x * slabs.laneCount, Float(wx[x] * wy[y] * wz[z]))
          values[2 * (y * nx + x)] = w * a.span[i]
          values[2 * (y * nx + x) + 1] = w * b.span[i]
        }
      }
      plane.forward(&values)
    }
    var span = block.mutableSpan
    LineTransform(pages: nz, rows: ny, columns: nx, block: &span).forward(&span, workers: workers)
    values = block
  }

  /// 1 inside, `(1 − cos) / 2` towards either end.
  private static func window(_ count: Int, taper: Double) -> [Double] {
    precondition((0...0.5).contains(taper), "a taper is a part of at most half a side")
    let width = taper * Double(count)
    return (0..<count).map { index in
      let distance = Double(min(index, count - 1 - index)) + 0.5
      guard count >= 8, distance < width else { return 1 }
      return (1 - Double.cos(.pi * distance / width)) / 2
    }
  }

  /// `A(k)` and `B(k)` at the index (x, y, z) of the discrete transform.
  @inlinable @inline(__always)
  package func coefficients(
    _ x: Int, _ y: Int, _ z: Int, in values: Span<Float>
  ) -> (a: (re: Double, im: Double), b: (re: Double, im: Double)) {
    let (nx, ny, nz) = (shape.width, shape.sliceCount, shape.depth)
    let (ox, oy, oz) = (x == 0 ? 0 : nx - x, y == 0 ? 0 : ny - y, z == 0 ? 0 : nz - z)
    let (i, j) = (2 * ((z * ny + y) * nx + x), 2 * ((oz * ny + oy) * nx + ox))
    let (re, im) = (Double(values[i]), Double(values[i + 1]))
    let (mre, mim) = (Double(values[j]), Double(values[j + 1]))
    return (
      a: ((re + mre) / 2, (im - mim) / 2), b: ((im + mim) / 2, (mre - re) / 2)
    )
  }
}
