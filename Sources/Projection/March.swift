import Fields
import RealModule

/// Forward projection of one slab: rays march through tiles of the volume, row by row.
///
/// A tile holds `rowCount` rows of `cellCount` voxels and a margin on either side, packed one after
/// the other so that it stays in cache while all rays of all tilts that enter it run through all of
/// its rows. Rows are z and cells x for tilts up to 45°, the other way round for steeper ones.
/// `laneCount` slices advance together.
struct March<let laneCount: Int> {
  private static var rowCount: Int { 16 }
  private static var cellCount: Int { 64 }
  /// A ray drifts by at most one cell per row; two more for the widest footprint.
  private static var margin: Int { rowCount + 2 }
  private static var pitch: Int { cellCount + 2 * margin }

  static var scratchLength: Int { rowCount * pitch * laneCount }

  let volume: SlabShape
  let binCount: Int
  let model: RayModel

  /// `p ← H v` for some tilts of one slab: `volume` is `[z][x][lane]`, `projections`
  /// `[tilt][bin][lane]`.
  func project(
    _ slab: Span<Float>, tilts: ArraySlice<TiltRays>, into projections: inout MutableSpan<Float>,
    scratch: inout MutableSpan<Float>
  ) {
    precondition(slab.count == volume.slabLength && scratch.count >= Self.scratchLength)
    precondition(projections.count == tilts.count * binCount * laneCount)
    projections.update(repeating: 0)
    for alongZ in [true, false] {
      let chosen = tilts.indices.filter { tilts[$0].marchesAlongZ == alongZ }
      guard !chosen.isEmpty else { continue }
      let rows = alongZ ? volume.pageCount : volume.positionCount
      let cells = alongZ ? volume.positionCount : volume.pageCount
      for firstRow in stride(from: 0, to: rows, by: Self.rowCount) {
        let height = min(Self.rowCount, rows - firstRow)
        // Rays fall back from row to row: they enter from at most a margin beyond the last cell.
        for firstCell in stride(from: -2, to: cells + Self.margin, by: Self.cellCount) {
          pack(
            slab, alongZ: alongZ, rows: firstRow..<firstRow + height, firstCell: firstCell,
            cells: cells, into: &scratch)
          let lastCell = min(firstCell + Self.cellCount, cells + Self.margin)
          for index in chosen {
            run(
              TileRays(
                tilts[index], alongZ: alongZ, firstRow: firstRow, height: height,
                cells: firstCell..<lastCell, binCount: binCount),
              through: scratch.span, model: model, into: &projections,
              at: (index - tilts.startIndex) * binCount * laneCount)
          }
        }
      }
    }
  }

  /// Copies rows of the slab, with margins, into the tile; zero outside the field.
  private func pack(
    _ slab: Span<Float>, alongZ: Bool, rows: Range<Int>, firstCell: Int, cells: Int,
    into tile: inout MutableSpan<Float>
  ) {
    let (perRow, perCell) = alongZ ? (volume.positionCount, 1) : (1, volume.positionCount)
    let origin = firstCell - Self.margin
    let inside = max(0, -origin)..<max(max(0, -origin), min(Self.pitch, cells - origin))
    for (r, row) in rows.enumerated() {
      let line = r * Self.pitch
      for cell in 0..<inside.lowerBound { clear(line + cell, in: &tile) }
      for cell in inside {
        let source = (row * perRow + (origin + cell) * perCell) * laneCount
        let target = (line + cell) * laneCount
        for l in 0..<laneCount {
          unsafe tile[unchecked: target &+ l] = slab[unchecked: source &+ l]
        }
      }
      for cell in inside.upperBound..<Self.pitch { clear(line + cell, in: &tile) }
    }
  }

  @inline(__always)
  private func clear(_ run: Int, in tile: inout MutableSpan<Float>) {
    for l in 0..<laneCount { unsafe tile[unchecked: run * laneCount &+ l] = 0 }
  }

  /// Sends the rays of one tilt through the tile.
  @inline(__always)
  private func run(
    _ rays: TileRays, through tile: Span<Float>, model: RayModel,
    into projections: inout MutableSpan<Float>, at start: Int
  ) {
    guard !rays.bins.isEmpty else { return }
    var ray = rays.firstRay
    for _ in rays.bins {
      let run = (rays.startRow * Self.pitch + ray.cell + Self.margin) * laneCount
      let target = start + ray.bin * laneCount
      switch model {
      case .joseph:
        thinRay(rays, ray.distance, tile, from: run, into: &projections, at: target)
      case .strip:
        stripRay(rays, ray.distance, tile, from: run, into: &projections, at: target)
      }
      rays.advance(&ray)
    }
  }

  /// `p[b] += path · Σ_rows (1 − f) v[i] + f v[i + 1]`
  @inline(__always)
  private func thinRay(
    _ rays: TileRays, _ distance: Int, _ tile: Span<Float>, from run: Int,
    into projections: inout MutableSpan<Float>, at target: Int
  ) {
    var near = InlineArray<laneCount, Float>(repeating: 0)
    var far = InlineArray<laneCount, Float>(repeating: 0)
    let rowStep = rays.rowStep * Self.pitch * laneCount
    var (run, distance) = (run, distance)
    for _ in 0..<rays.height {
      let a = share(Int32(truncatingIfNeeded: distance >> 8), reciprocalReach: rays.perReach)
      let b = share(
        Int32(truncatingIfNeeded: (rays.reach &- distance) >> 8), reciprocalReach: rays.perReach)
      for l in 0..<laneCount {
        unsafe near[unchecked: l] = Relaxed.multiplyAdd(
          a, tile[unchecked: run &+ l], near[unchecked: l])
      }
      for l in 0..<laneCount {
        unsafe far[unchecked: l] = Relaxed.multiplyAdd(
          b, tile[unchecked: run &+ laneCount &+ l], far[unchecked: l])
      }
      // The next row: the ray lies `drift` further back, and perhaps in the cell before.
      distance &-= rays.drift
      let borrow = distance >> 63
      distance &+= rays.reach & borrow
      run &+= rowStep &- (laneCount & borrow)
    }
    for l in 0..<laneCount {
      unsafe projections[unchecked: target &+ l] = Relaxed.multiplyAdd(
        rays.path, near[unchecked: l] + far[unchecked: l], projections[unchecked: target &+ l])
    }
  }

  /// `p[b] += Σ_rows Σ_{j = −1…2} area(D_j) v[i + j]`
  @inline(__always)
  private func stripRay(
    _ rays: TileRays, _ distance: Int, _ tile: Span<Float>, from run: Int,
    into projections: inout MutableSpan<Float>, at target: Int
  ) {
    var sum = InlineArray<laneCount, Float>(repeating: 0)
    let rowStep = rays.rowStep * Self.pitch * laneCount
    var (run, distance) = (run, distance)
    let perBin = 1 / Float(TiltRays.one)
    let reach = Float(rays.reach) * perBin
    for _ in 0..<rays.height {
      let d = Float(distance) * perBin
      let (w0, w1) = (rays.footprint.weight(d + reach), rays.footprint.weight(d))
      let (w2, w3) = (rays.footprint.weight(reach - d), rays.footprint.weight(2 * reach - d))
      let start = run &- laneCount
      for l in 0..<laneCount {
        var v = unsafe Relaxed.multiplyAdd(w0, tile[unchecked: start &+ l], sum[unchecked: l])
        v = unsafe Relaxed.multiplyAdd(w1, tile[unchecked: start &+ laneCount &+ l], v)
        v = unsafe Relaxed.multiplyAdd(w2, tile[unchecked: start &+ 2 &* laneCount &+ l], v)
        v = unsafe Relaxed.multiplyAdd(w3, tile[unchecked: start &+ 3 &* laneCount &+ l], v)
        unsafe sum[unchecked: l] = v
      }
      distance &-= rays.drift
      let borrow = distance >> 63
      distance &+= rays.reach & borrow
      run &+= rowStep &- (laneCount & borrow)
    }
    for l in 0..<laneCount {
      unsafe projections[unchecked: target &+ l] += sum[unchecked: l]
    }
  }
}
