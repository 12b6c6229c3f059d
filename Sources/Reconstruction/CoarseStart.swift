package import Fields
package import Projection

/// A start for an iterative run: the same series at half the resolution, reconstructed and
/// interpolated.
///
/// Two bins of two slices become one of their mean, halved since a voxel is twice as long there. The
/// volume has half the voxels along x, y and z, rounded up.
package struct CoarseStart {
  package let method: any SliceWiseMethod
  package let geometry: TiltGeometry
  private let fine: TiltGeometry
  private let workers: Workers

  /// - Parameter degrees: the tilts that `fine` was made from, offset included.
  package init(
    _ method: any SliceWiseMethod, _ fine: TiltGeometry, degrees: [Double], workers: Workers
  ) throws(GeometryError) {
    (self.method, self.fine, self.workers) = (method, fine, workers)
    let (volume, series) = (fine.volume, fine.series)
    let (slices, bins) = ((series.sliceCount + 1) / 2, (series.binCount + 1) / 2)
    // A bin of the coarse series lies between two of the fine one.
    let centre = Double(series.binCount - 1) / 2 - (Double(bins) - 0.5)
    geometry = try TiltGeometry(
      volume: VolumeShape(
        width: (volume.width + 1) / 2, depth: (volume.depth + 1) / 2, sliceCount: slices),
      series: TiltSeriesShape(tiltCount: series.tiltCount, binCount: bins, sliceCount: slices),
      degrees: degrees, axisOffset: (fine.axisOffset + centre) / 2, zOffset: fine.zOffset / 2)
  }

  /// Fills `volume` with the start.
  package func fill(
    _ volume: inout FloatStorage, from measured: FloatStorage, monitor: Monitor
  ) throws {
    let series = MemoryStore(halved(measured), geometry.series.slabs)
    let result = try MemoryStore(allocating: geometry.volume.slabs)
    _ = try SliceWiseRun(
      method, geometry, slabsPerGroup: geometry.volume.slabs.slabCount, workers: workers
    ).reconstruct(series, into: result, monitor: monitor)
    interpolate(result.field, into: &volume)
  }

  private func halved(_ measured: FloatStorage) -> FloatStorage {
    let (from, to) = (fine.series.slabs, geometry.series.slabs)
    var coarse = FloatStorage(zeros: to.count)
    workers.forEachSlab(of: coarse.mutableSpan, length: to.pageLength) { part, values in
      var values = values
      let (slab, page) = part.quotientAndRemainder(dividingBy: to.pageCount)
      for slice in to.slices(of: slab) {
        let slices = 2 * slice..<min(from.sliceCount, 2 * slice + 2)
        for position in 0..<to.positionCount {
          let positions = 2 * position..<min(from.positionCount, 2 * position + 2)
          var sum: Float = 0
          for i in slices {
            for j in positions {
              sum += measured.span[from.index(slice: i, page: page, position: j)]
            }
          }
          values[position * to.laneCount + slice % to.laneCount] =
            sum / Float(2 * slices.count * positions.count)
        }
      }
    }
    return coarse
  }

  private func interpolate(_ coarse: FloatStorage, into volume: inout FloatStorage) {
    let (from, to) = (geometry.volume.slabs, fine.volume.slabs)
    let columns = Taps.aligned(from.positionCount, to.positionCount)
    let rows = Taps.aligned(from.pageCount, to.pageCount)
    let slices = Taps.paired(from.sliceCount, to.sliceCount)
    workers.forEachSlab(of: volume.mutableSpan, length: to.pageLength) { part, values in
      var values = values
      let (slab, page) = part.quotientAndRemainder(dividingBy: to.pageCount)
      let z = rows[page]
      for slice in to.slices(of: slab) {
        let y = slices[slice]
        for position in 0..<to.positionCount {
          let x = columns[position]
          let value = { (slice: Int, page: Int) in
            x.mix(
              coarse.span[from.index(slice: slice, page: page, position: x.first)],
              coarse.span[from.index(slice: slice, page: page, position: x.second)])
          }
          values[position * to.laneCount + slice % to.laneCount] = z.mix(
            y.mix(value(y.first, z.first), value(y.second, z.first)),
            y.mix(value(y.first, z.second), value(y.second, z.second)))
        }
      }
    }
  }
}

/// The two samples next to a place, and how much of the second one is taken.
private struct Taps {
  let first: Int
  let second: Int
  let share: Float

  init(_ place: Double, of count: Int) {
    let inside = min(max(place, 0), Double(count - 1))
    first = Int(inside)
    second = min(first + 1, count - 1)
    share = Float(inside - Double(first))
  }

  /// Between two values.
  func mix(_ one: Float, _ other: Float) -> Float { one + share * (other - one) }

  /// Of samples twice as far apart whose middle is the same.
  static func aligned(_ coarse: Int, _ fine: Int) -> [Taps] {
    (0..<fine).map {
      Taps((Double($0) - Double(fine - 1) / 2) / 2 + Double(coarse - 1) / 2, of: coarse)
    }
  }

  /// Of samples that each stand for two, from the first on.
  static func paired(_ coarse: Int, _ fine: Int) -> [Taps] {
    (0..<fine).map { Taps((Double($0) - 0.5) / 2, of: coarse) }
  }
}
