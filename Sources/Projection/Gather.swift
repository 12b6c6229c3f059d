import Fields
import RealModule

/// Back-projection of one slab: voxels of a tile gather from the bins that see them.
///
/// For each group of four entries (a tilt, or half of one where a footprint spans four bins) the bins
/// that a tile of 16 × 32 voxels can see are packed side by side; weights of a row of voxels are
/// formed together, and each voxel then reads two neighbouring runs per entry.
struct Gather<let laneCount: Int> {
  static var width: Int { 16 }
  static var height: Int { 32 }
  private static var entryCount: Int { 4 }
  /// A tile is seen by at most hypot(15, 31) + 3 bins.
  private static var windowLength: Int { 40 }
  private static var windowsLength: Int { entryCount * windowLength * laneCount }

  static var scratchLength: Int { windowsLength + width * height * laneCount }

  let volume: SlabShape
  /// The bins that a line of the projections holds; the detector's are `0 ..< binCount`.
  let bins: Range<Int>
  /// Two neighbouring bins per entry.
  let entries: [GatherEntry]

  /// `v ← Hᵀ p` for rows `rows` of one slab, where `volume` is `[z][x][lane]` of these rows only and
  /// `projections` is `[tilt][bin][lane]`.
  func backProject(
    _ projections: Span<Float>, rows: Range<Int>, update: VoxelUpdate?, slabStart: Int,
    into volume: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>,
    onTileRow: (_ row: Int, _ sums: TileRowSums) -> Void
  ) {
    let columns = self.volume.positionCount
    precondition(volume.count == rows.count * columns * laneCount)
    precondition(scratch.count >= Self.scratchLength)
    for z in stride(from: rows.lowerBound, to: rows.upperBound, by: Self.height) {
      let height = min(Self.height, rows.upperBound - z)
      var sums = TileRowSums()
      for x in stride(from: 0, to: columns, by: Self.width) {
        let tile = Tile(
          x: x, z: z, width: min(Self.width, columns - x), height: height,
          start: ((z - rows.lowerBound) * columns + x) * laneCount)
        gather(tile, from: projections, scratch: &scratch)
        if let update {
          let place = slabStart + (tile.z * columns + tile.x) * laneCount
          apply(
            update, at: place, to: tile, of: &volume, scratch: scratch.span, sums: &sums)
        } else {
          write(tile, into: &volume, scratch: scratch.span)
        }
      }
      onTileRow(z / Self.height, sums)
    }
  }

  /// `‖Δv‖²` and `‖v‖²` of each lane over one row of tiles.
  struct TileRowSums {
    var change = InlineArray<laneCount, Float>(repeating: 0)
    var norm = InlineArray<laneCount, Float>(repeating: 0)
  }

  private struct Tile {
    let x: Int
    let z: Int
    let width: Int
    let height: Int
    /// Its first float in the volume.
    let start: Int
  }

  /// Sums all entries for all voxels of a tile, behind the windows in the scratch.
  private func gather(
    _ tile: Tile, from projections: Span<Float>, scratch: inout MutableSpan<Float>
  ) {
    let sums = Self.windowsLength
    for i in 0..<tile.height * Self.width * laneCount { unsafe scratch[unchecked: sums &+ i] = 0 }
    var near = InlineArray<64, Float>(repeating: 0)
    var far = InlineArray<64, Float>(repeating: 0)
    var runs = InlineArray<64, Int32>(repeating: 0)
    for first in stride(from: 0, to: entries.count, by: Self.entryCount) {
      let group = entries[first..<min(first + Self.entryCount, entries.count)]
      var position = InlineArray<4, Int>(repeating: 0)
      for (k, entry) in group.enumerated() {
        position[k] = packWindow(entry, of: tile, from: projections, into: &scratch, window: k)
      }
      for e in group.count * Self.width..<Self.entryCount * Self.width {
        (near[e], far[e]) = (0, 0)
      }
      for row in 0..<tile.height {
        for (k, entry) in group.enumerated() {
          entry.formWeights(
            from: position[k], near: &near, far: &far, runs: &runs, at: k * Self.width,
            window: k * Self.windowLength, laneCount: laneCount)
          position[k] &+= entry.rays.perZ
        }
        addRow(
          width: tile.width, near: near.span, far: far.span, runs: runs.span, scratch: &scratch,
          at: sums + row * Self.width * laneCount)
      }
    }
  }

  /// Copies the bins that a tile can see, times the entry's factor; zero where there is none.
  ///
  /// - Returns: where the tile's first voxel lands, in fixed point from the start of the window.
  private func packWindow(
    _ entry: GatherEntry, of tile: Tile, from projections: Span<Float>,
    into scratch: inout MutableSpan<Float>, window: Int
  ) -> Int {
    let rays = entry.rays
    let origin = rays.origin + tile.x * rays.perX + tile.z * rays.perZ
    // Weights go from x to x in steps of 2⁻²⁴ bins, rounded towards lower bins.
    let perX = rays.perX & ~0xFF
    let (acrossX, acrossZ) = ((tile.width - 1) * perX, (tile.height - 1) * rays.perZ)
    let lowest = (origin + min(0, acrossX) + min(0, acrossZ)) >> 32
    let highest = (origin + max(0, acrossX) + max(0, acrossZ)) >> 32
    let factor = entry.factor
    // Voxels read bins b and b + 1, `shift` bins from where they land.
    for i in 0...(highest - lowest + 1) {
      let bin = lowest + entry.shift + i
      let target = (window * Self.windowLength + i) * laneCount
      if bins.contains(bin) {
        let source = (entry.tilt * bins.count + bin - bins.lowerBound) * laneCount
        for l in 0..<laneCount {
          unsafe scratch[unchecked: target &+ l] = factor * projections[unchecked: source &+ l]
        }
      } else {
        for l in 0..<laneCount { unsafe scratch[unchecked: target &+ l] = 0 }
      }
    }
    return origin - lowest << 32
  }

  /// `v += Σ_entries near · p[b] + far · p[b + 1]` for one row of a tile.
  @inline(__always)
  private func addRow(
    width: Int, near: Span<Float>, far: Span<Float>, runs: Span<Int32>,
    scratch: inout MutableSpan<Float>, at row: Int
  ) {
    for x in 0..<width {
      let target = row &+ x &* laneCount
      let (p0, p1) = unsafe (Int(runs[unchecked: x]), Int(runs[unchecked: 16 &+ x]))
      let (p2, p3) = unsafe (Int(runs[unchecked: 32 &+ x]), Int(runs[unchecked: 48 &+ x]))
      let (a0, a1) = unsafe (near[unchecked: x], near[unchecked: 16 &+ x])
      let (a2, a3) = unsafe (near[unchecked: 32 &+ x], near[unchecked: 48 &+ x])
      let (b0, b1) = unsafe (far[unchecked: x], far[unchecked: 16 &+ x])
      let (b2, b3) = unsafe (far[unchecked: 32 &+ x], far[unchecked: 48 &+ x])
      var sum = InlineArray<laneCount, Float>(repeating: 0)
      for l in 0..<laneCount {
        var v = unsafe scratch[unchecked: target &+ l]
        v = unsafe Relaxed.multiplyAdd(a0, scratch[unchecked: p0 &+ l], v)
        v = unsafe Relaxed.multiplyAdd(b0, scratch[unchecked: p0 &+ laneCount &+ l], v)
        v = unsafe Relaxed.multiplyAdd(a1, scratch[unchecked: p1 &+ l], v)
        v = unsafe Relaxed.multiplyAdd(b1, scratch[unchecked: p1 &+ laneCount &+ l], v)
        v = unsafe Relaxed.multiplyAdd(a2, scratch[unchecked: p2 &+ l], v)
        v = unsafe Relaxed.multiplyAdd(b2, scratch[unchecked: p2 &+ laneCount &+ l], v)
        v = unsafe Relaxed.multiplyAdd(a3, scratch[unchecked: p3 &+ l], v)
        v = unsafe Relaxed.multiplyAdd(b3, scratch[unchecked: p3 &+ laneCount &+ l], v)
        unsafe sum[unchecked: l] = v
      }
      for l in 0..<laneCount { unsafe scratch[unchecked: target &+ l] = sum[unchecked: l] }
    }
  }

  /// `v ← g`
  private func write(
    _ tile: Tile, into volume: inout MutableSpan<Float>, scratch: Span<Float>
  ) {
    for row in 0..<tile.height {
      let source = Self.windowsLength + row * Self.width * laneCount
      let target = tile.start + row * self.volume.pageLength
      for i in 0..<tile.width * laneCount {
        unsafe volume[unchecked: target &+ i] = scratch[unchecked: source &+ i]
      }
    }
  }

  /// `v ← clip(v + step · scale · g) · support`, or `v ← clip(v · scale · g) · support`.
  ///
  /// - Parameter place: where the tile begins in its group of slabs.
  private func apply(
    _ update: VoxelUpdate, at place: Int, to tile: Tile, of volume: inout MutableSpan<Float>,
    scratch: Span<Float>, sums: inout TileRowSums
  ) {
    switch (update.form, update.support) {
    case (.adding, nil):
      apply(update, Span(), to: tile, of: &volume, scratch, &sums, multiplies: false)
    case (.multiplying, nil):
      apply(update, Span(), to: tile, of: &volume, scratch, &sums, multiplies: true)
    case (.adding, let support?):
      let mask = support.span.extracting((update.supportStart + place)...)
      apply(update, mask, to: tile, of: &volume, scratch, &sums, multiplies: false)
    case (.multiplying, let support?):
      let mask = support.span.extracting((update.supportStart + place)...)
      apply(update, mask, to: tile, of: &volume, scratch, &sums, multiplies: true)
    }
  }

  @inline(__always)
  private func apply(
    _ update: VoxelUpdate, _ support: Span<Float>, to tile: Tile,
    of volume: inout MutableSpan<Float>, _ scratch: Span<Float>, _ sums: inout TileRowSums,
    multiplies: Bool
  ) {
    let (lower, upper) = (update.lower, update.upper)
    let isMasked = !support.isEmpty
    precondition(
      !isMasked
        || support.count >= (tile.height - 1) * self.volume.pageLength + tile.width * laneCount)
    var change = InlineArray<laneCount, Float>(repeating: 0)
    var norm = InlineArray<laneCount, Float>(repeating: 0)
    for row in 0..<tile.height {
      let source = Self.windowsLength + row * Self.width * laneCount
      let target = tile.start + row * self.volume.pageLength
      let voxel = (tile.z + row) * self.volume.positionCount + tile.x
      for x in 0..<tile.width {
        let scale = update.scale.span[voxel + x]
        let factor = multiplies ? scale : update.step * scale
        let kept: Float = scale == 0 ? 1 : 0
        let (g, v) = (source &+ x &* laneCount, target &+ x &* laneCount)
        let m = row &* self.volume.pageLength &+ x &* laneCount
        for l in 0..<laneCount {
          let old = unsafe volume[unchecked: v &+ l]
          let new =
            multiplies
            ? unsafe old * Relaxed.multiplyAdd(factor, scratch[unchecked: g &+ l], kept)
            : unsafe Relaxed.multiplyAdd(factor, scratch[unchecked: g &+ l], old)
          var clipped = new < lower ? lower : new > upper ? upper : new
          if isMasked { clipped *= unsafe support[unchecked: m &+ l] }
          unsafe volume[unchecked: v &+ l] = clipped
          let difference = clipped - old
          unsafe change[unchecked: l] += difference * difference
          unsafe norm[unchecked: l] += clipped * clipped
        }
      }
    }
    for l in 0..<laneCount {
      sums.change[l] += change[l]
      sums.norm[l] += norm[l]
    }
  }
}
