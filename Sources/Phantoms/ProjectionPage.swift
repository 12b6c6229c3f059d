import Fields

/// One tilt of one slab of a series, `[bin][lane]`, onto which the chords of solids are added.
struct ProjectionPage {
  /// The bins, from where the volume's centre lands.
  let s: Cells
  /// The true slices of the slab.
  let y: Cells
  /// The direction of s.
  let across: Vector
  /// The direction of the rays.
  let beam: Vector
  let laneCount: Int
  let subdivision: Int

  func add(_ solid: Solid, to values: inout MutableSpan<Float>) {
    let bins = s.touched(by: solid.extent(along: across))
    let lanes = y.touched(by: solid.extent(along: [0, 1, 0]))
    guard !bins.isEmpty, !lanes.isEmpty else { return }
    switch solid.form {
    case .ellipsoid(let body): add(body, solid, bins, lanes, to: &values)
    case .polyhedron(let body): add(body, solid, bins, lanes, to: &values)
    case .blob(let blob): add(blob, solid, bins, lanes, to: &values)
    }
  }

  /// Pixel = density · mean over sub-rays of the chord.
  private func add(
    _ body: some ConvexBody, _ solid: Solid, _ bins: Range<Int>, _ lanes: Range<Int>,
    to values: inout MutableSpan<Float>
  ) {
    let view = body.seen(along: beam)
    let offsets = subOffsets(subdivision)
    let weight = solid.density / Double(subdivision * subdivision)
    let at = solid.centre.dot(across)
    for bin in bins {
      for lane in lanes {
        var length = 0.0
        for ds in offsets {
          let foot = across * (s.centre(bin) + ds - at)
          for dy in offsets {
            let point = foot + Vector(0, y.centre(lane) + dy - solid.centre.y, 0)
            length += view.chord(through: point).length
          }
        }
        values[bin * laneCount + lane] += Float(weight * length)
      }
    }
  }

  /// Pixel = density · the blob's line integral · its means along s and y.
  private func add(
    _ blob: Blob, _ solid: Solid, _ bins: Range<Int>, _ lanes: Range<Int>,
    to values: inout MutableSpan<Float>
  ) {
    let along = lanes.map { blob.mean(about: y.centre($0) - solid.centre.y) }
    let at = solid.centre.dot(across)
    for bin in bins {
      let weight =
        solid.density * blob.lineIntegral * blob.mean(about: s.centre(bin) - at)
      for (lane, mean) in zip(lanes, along) {
        values[bin * laneCount + lane] += Float(weight * mean)
      }
    }
  }
}
