import Fields

/// One z of one slab of a volume, `[x][lane]`, onto which solids are added.
struct VolumePage {
  let x: Cells
  /// The true slices of the slab.
  let y: Cells
  /// A single cell.
  let z: Cells
  let laneCount: Int
  let subdivision: Int
  /// How much of each voxel of one column is filled, times `subdivision`².
  private var fill: [Float]

  init(x: Cells, y: Cells, z: Cells, laneCount: Int, subdivision: Int) {
    (self.x, self.y, self.z) = (x, y, z)
    (self.laneCount, self.subdivision) = (laneCount, subdivision)
    fill = Array(repeating: 0, count: y.count)
  }

  mutating func add(_ solid: Solid, to values: inout MutableSpan<Float>) {
    guard !z.touched(by: solid.extent(along: [0, 0, 1])).isEmpty else { return }
    let lanes = y.touched(by: solid.extent(along: [0, 1, 0]))
    let columns = x.touched(by: solid.extent(along: [1, 0, 0]))
    guard !columns.isEmpty, !lanes.isEmpty else { return }
    switch solid.form {
    case .ellipsoid(let body): add(body, solid, columns, lanes, to: &values)
    case .polyhedron(let body): add(body, solid, columns, lanes, to: &values)
    case .blob(let blob): add(blob, solid, columns, lanes, to: &values)
    }
  }

  /// Voxel = density · mean over sub-columns of the length of chord ∩ voxel along y.
  private mutating func add(
    _ body: some ConvexBody, _ solid: Solid, _ columns: Range<Int>, _ lanes: Range<Int>,
    to values: inout MutableSpan<Float>
  ) {
    let view = body.seen(along: [0, 1, 0])
    let offsets = subOffsets(subdivision)
    let weight = 1 / Float(subdivision * subdivision)
    let floor = y.centre(0) - 0.5
    for column in columns {
      for lane in lanes { fill[lane] = 0 }
      for dz in offsets {
        for dx in offsets {
          let point = Vector(x.centre(column) + dx, 0, z.centre(0) + dz) - solid.centre
          let chord = view.chord(through: Vector(point.x, 0, point.z))
          guard chord.length > 0 else { continue }
          cover(
            from: solid.centre.y + chord.entry - floor, to: solid.centre.y + chord.exit - floor)
        }
      }
      for lane in lanes {
        values[column * laneCount + lane] += Float(solid.density) * (fill[lane] * weight)
      }
    }
  }

  /// Adds the part of each lane `[i, i + 1]` that lies between `start` and `end`.
  private mutating func cover(from start: Double, to end: Double) {
    let start = max(start, 0)
    let end = min(end, Double(fill.count))
    guard start < end else { return }
    for lane in Int(start)..<Int(end.rounded(.up)) {
      fill[lane] += Float(min(end, Double(lane + 1)) - max(start, Double(lane)))
    }
  }

  /// Voxel = density · the product of the blob's means along x, y and z.
  private func add(
    _ blob: Blob, _ solid: Solid, _ columns: Range<Int>, _ lanes: Range<Int>,
    to values: inout MutableSpan<Float>
  ) {
    let along = lanes.map { blob.mean(about: y.centre($0) - solid.centre.y) }
    let depth = solid.density * blob.mean(about: z.centre(0) - solid.centre.z)
    for column in columns {
      let weight = depth * blob.mean(about: x.centre(column) - solid.centre.x)
      for (lane, mean) in zip(lanes, along) {
        values[column * laneCount + lane] += Float(weight * mean)
      }
    }
  }
}

/// The centres of `count` equal parts of a unit interval about 0.
func subOffsets(_ count: Int) -> [Double] {
  (0..<count).map { (Double($0) + 0.5) / Double(count) - 0.5 }
}
