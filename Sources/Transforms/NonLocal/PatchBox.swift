import Fields

/// One box of a ``PatchGrid`` with its margin, and what is worked out in it.
struct PatchBox {
  private let grid: PatchGrid
  private let first: SIMD3<Int>
  private let extent: SIMD3<Int>
  private let margin: SIMD3<Int>
  /// Floats from one a, b and c to the next.
  private let strides: SIMD3<Int>
  private let count: Int

  init(_ grid: PatchGrid, first: SIMD3<Int>, extent: SIMD3<Int>) {
    (self.grid, self.first, self.extent) = (grid, first, extent)
    margin = grid.window &+ grid.patch
    let whole = extent &+ 2 &* margin
    strides = SIMD3(whole.y * whole.z, whole.z, 1)
    count = whole.x * whole.y * whole.z
  }

  private func place(_ a: Int, _ b: Int, _ c: Int) -> Int {
    (a + margin.x) * strides.x + (b + margin.y) * strides.y + c + margin.z
  }

  /// `v(s) ← Σ_r k(s, r) f(r) u(r)` for all s of the box, with u = 1 where it is empty.
  ///
  /// - Parameters:
  ///   - guide: what patches are taken of.
  ///   - exponent: `k = window · 2^(exponent · Σ (patch of s − patch of r)²)`, over the 27 neighbours of a voxel.
  ///   - values: the floats of the band.
  func sum(
    _ f: Span<Float>, times u: Span<Float>, guide: Span<Float>, exponent: Float,
    into values: inout MutableSpan<Float>, of band: PatchGrid.Band
  ) {
    var patches = FloatStorage(zeros: count)
    load(guide, into: patches.mutableSpan, goesOn: true)
    var field = FloatStorage(zeros: count)
    load(f, into: field.mutableSpan, goesOn: false)
    var squares = FloatStorage(zeros: count)
    if !u.isEmpty {
      load(u, into: squares.mutableSpan, goesOn: false)
      multiply(field.mutableSpan, by: squares.span)
    }
    var sums = field  // each voxel is its own partner, of weight 1
    var weights = FloatStorage(zeros: strides.x)
    for shift in grid.shifts {
      add(
        shift, to: sums.mutableSpan, field.span, patches.span, exponent: exponent,
        squares: squares.mutableSpan, weights: weights.mutableSpan)
    }
    store(sums.span, into: &values, of: band)
  }

  /// Both directions of one shift t: `v(s) += k f(s + t)` and `v(s + t) += k f(s)`, for all s with one of the two in the box.
  ///
  /// A plane a is one run, from its first voxel to its last with the margins between, where what is summed has no meaning: from there no shift
  /// reaches the box.
  private func add(
    _ shift: PatchGrid.Shift, to sums: consuming MutableSpan<Float>, _ field: Span<Float>,
    _ patches: Span<Float>, exponent: Float, squares: consuming MutableSpan<Float>,
    weights: consuming MutableSpan<Float>
  ) {
    var sums = sums
    var squares = squares
    var weights = weights
    let t = shift.offset
    let low = pointwiseMin(.zero, .zero &- t)
    let high = extent &+ pointwiseMax(.zero, .zero &- t)
    let (pa, pb) = (grid.patch.x, grid.patch.y)
    let distance = t.x * strides.x + t.y * strides.y + t.z
    let length = (high.y - low.y - 1) * strides.y + high.z - low.z
    for plane in low.x - pa..<high.x + pa {
      PatchRow.squares(
        &squares, patches, at: place(plane, low.y - pb, low.z), length + 2 * pb * strides.y,
        beside: grid.patch.z, distance: distance)
      // The next plane is needed, too.
      guard plane - pa >= low.x else { continue }
      let start = place(plane - pa, low.y, low.z)
      PatchRow.weights(
        &weights, squares.span, at: start, length, pa * strides.x, pb * strides.y,
        exponent: exponent, window: shift.weight)
      PatchRow.add(&sums, weights.span, field, at: start, from: start + distance, length)
      PatchRow.add(&sums, weights.span, field, at: start + distance, from: start, length)
    }
  }

  private func multiply(_ field: consuming MutableSpan<Float>, by factors: Span<Float>) {
    var field = field
    for i in field.indices { unsafe field[unchecked: i] *= factors[unchecked: i] }
  }

  /// Copies the box and its margin out of a field, which beyond its edges goes on as it is there, or is zero.
  private func load(
    _ field: Span<Float>, into box: consuming MutableSpan<Float>, goesOn: Bool
  ) {
    var box = box
    let shape = grid.shape
    let ends =
      shape.laneCount == 1
      ? SIMD3(1, shape.pageCount, shape.positionCount)
      : SIMD3(shape.pageCount, shape.positionCount, shape.sliceCount)
    func inside(_ value: Int, _ axis: Int) -> Int? {
      let clamped = min(max(value, 0), ends[axis] - 1)
      return goesOn || clamped == value ? clamped : nil
    }
    // Along c, what lies together in memory.
    let together = first.z..<min(first.z + extent.z, ends.z)
    for a in -margin.x..<extent.x + margin.x {
      guard let pa = inside(first.x + a, 0) else { continue }
      for b in -margin.y..<extent.y + margin.y {
        guard let pb = inside(first.y + b, 1) else { continue }
        let row = place(a, b, 0)
        let start = index(pa, pb, first.z)
        box.copy(start..<start + together.count, of: field, to: row)
        for c in -margin.z..<extent.z + margin.z where !together.contains(first.z + c) {
          guard let pc = inside(first.z + c, 2) else { continue }
          box[row + c] = field[index(pa, pb, pc)]
        }
      }
    }
  }

  /// Copies the box without its margin into a band.
  private func store(
    _ box: Span<Float>, into values: inout MutableSpan<Float>, of band: PatchGrid.Band
  ) {
    let start = index(first.x, first.y, first.z)
    let base = grid.shape.slabLength * band.slab + band.pages.lowerBound * grid.shape.pageLength
    for a in 0..<extent.x {
      for b in 0..<extent.y {
        let row = start - base + a * grid.shape.pageLength + b * rowLength
        values.copy(place(a, b, 0)..<place(a, b, extent.z), of: box, to: row)
      }
    }
  }

  /// Floats of the field from one b to the next.
  private var rowLength: Int {
    grid.shape.laneCount == 1 ? grid.shape.positionCount : grid.shape.laneCount
  }

  private func index(_ a: Int, _ b: Int, _ c: Int) -> Int {
    let shape = grid.shape
    return shape.laneCount == 1
      ? b * shape.positionCount + c : shape.index(slice: c, page: a, position: b)
  }
}
