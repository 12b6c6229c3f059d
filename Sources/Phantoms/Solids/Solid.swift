/// One object of a phantom: a form, where it stands, and the density that it adds.
struct Solid: Sendable {
  enum Form: Sendable {
    case ellipsoid(Ellipsoid)
    case polyhedron(Polyhedron)
    case blob(Blob)
  }

  let form: Form
  /// From the centre of the volume, in voxels.
  let centre: Vector
  /// The density inside, or the peak of a blob.
  let density: Double

  /// The stretch of the object along a unit `direction`, from the centre of the volume.
  func extent(along direction: Vector) -> ClosedRange<Double> {
    let at = centre.dot(direction)
    switch form {
    case .ellipsoid(let body): return body.extent(along: direction, from: at)
    case .polyhedron(let body): return body.extent(along: direction, from: at)
    case .blob(let blob): return at - blob.radius...at + blob.radius
    }
  }
}

extension ConvexBody {
  fileprivate func extent(along direction: Vector, from at: Double) -> ClosedRange<Double> {
    at - support(along: -direction)...at + support(along: direction)
  }
}

/// Unit-spaced cells whose first is centred at `first`, in lengths from the centre of the field.
struct Cells {
  let first: Double
  let count: Int

  /// `count` cells about the middle.
  init(count: Int, middle: Double = 0) {
    self.init(first: middle - Double(count - 1) / 2, count: count)
  }

  init(first: Double, count: Int) { (self.first, self.count) = (first, count) }

  func centre(_ cell: Int) -> Double { first + Double(cell) }

  /// The cells that `extent` touches.
  func touched(by extent: ClosedRange<Double>) -> Range<Int> {
    let start = (extent.lowerBound - first + 0.5).rounded(.down)
    let end = (extent.upperBound - first + 0.5).rounded(.up)
    let lower = Int(min(max(start, 0), Double(count)))
    return lower..<max(lower, Int(min(max(end, 0), Double(count))))
  }

  /// The cells `part` alone.
  subscript(_ part: Range<Int>) -> Cells {
    Cells(first: centre(part.lowerBound), count: part.count)
  }
}
