package import Fields

/// A plane of a volume, parallel to two of its axes.
package enum Section: Sendable, Hashable {
  /// Rows are y (down), columns are x (to the right).
  case xy(z: Int)
  /// Rows are z (down), columns are x (to the right).
  case xz(y: Int)
  /// Rows are y (down), columns are z (to the right).
  case zy(x: Int)

  /// For instance "xy, z = 12".
  package var caption: String {
    switch self {
    case .xy(let z): "xy, z = \(z)"
    case .xz(let y): "xz, y = \(y)"
    case .zy(let x): "zy, x = \(x)"
    }
  }

  /// The values of the plane, `[row][column]`, and the length of a row.
  ///
  /// - Throws: ``PlotError/sectionOutside(_:count:)``
  package func values(
    of volume: Volume
  ) throws(PlotError) -> (values: FloatStorage, width: Int) {
    let shape = volume.shape
    let (index, count) =
      switch self {
      case .xy(let z): (z, shape.depth)
      case .xz(let y): (y, shape.sliceCount)
      case .zy(let x): (x, shape.width)
      }
    guard 0..<count ~= index else { throw .sectionOutside(caption, count: count) }
    return switch self {
    case .xy(let z):
      plane(rows: shape.sliceCount, columns: shape.width) { y, x in volume[x, y, z] }
    case .xz(let y):
      plane(rows: shape.depth, columns: shape.width) { z, x in volume[x, y, z] }
    case .zy(let x):
      plane(rows: shape.sliceCount, columns: shape.depth) { y, z in volume[x, y, z] }
    }
  }

  private func plane(
    rows: Int, columns: Int, _ value: (_ row: Int, _ column: Int) -> Float
  ) -> (values: FloatStorage, width: Int) {
    var storage = FloatStorage(zeros: rows * columns)
    var values = storage.mutableSpan
    for row in 0..<rows {
      for column in 0..<columns { values[row * columns + column] = value(row, column) }
    }
    return (storage, columns)
  }
}

extension Picture {
  /// One plane of a volume.
  ///
  /// - Throws: ``PlotError/sectionOutside(_:count:)``
  package init(
    _ section: Section, of volume: Volume, scale: GreyScale = .standard
  ) throws(PlotError) {
    let (values, width) = try section.values(of: volume)
    self.init(values.span, width: width, limits: scale.limits(for: values.span))
  }

  /// Three planes that cross in one voxel, on one grey scale, laid out so that axes line up.
  ///
  /// Top left xy; to its right zy, which shares the rows y; below xz, which shares the columns x.
  /// Where no voxel is named, the planes cross in the middle.
  ///
  /// - Parameter magnification: pixels along the edge of a voxel.
  /// - Throws: ``PlotError/sectionOutside(_:count:)``
  package static func orthogonalSections(
    of volume: Volume, crossing voxel: (x: Int, y: Int, z: Int)? = nil,
    scale: GreyScale = .standard, magnification: Int = 1
  ) throws(PlotError) -> Picture {
    let shape = volume.shape
    let centre = voxel ?? (shape.width / 2, shape.sliceCount / 2, shape.depth / 2)
    let sections: [Section] = [.xy(z: centre.z), .zy(x: centre.x), .xz(y: centre.y)]
    var planes: [(values: FloatStorage, width: Int)] = []
    for section in sections { planes.append(try section.values(of: volume)) }
    let all = FloatStorage(
      planes.flatMap { plane in (0..<plane.values.count).map { plane.values.span[$0] } })
    let limits = scale.limits(for: all.span)
    let panels = zip(sections, planes).map { section, plane in
      var picture = Picture(plane.values.span, width: plane.width, limits: limits)
        .magnified(by: magnification)
      if case .xy = section, let size = volume.voxelSize {
        picture = picture.withScaleBar(pixelSize: size / Double(magnification))
      }
      return Panel(picture, caption: section.caption)
    }
    return montage(panels, columnCount: 2)
  }
}
