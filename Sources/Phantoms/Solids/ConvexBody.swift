/// The stretch of a ray inside a body, in lengths from the ray's origin.
struct Chord {
  var entry: Double
  var exit: Double

  /// A ray that misses.
  static let none = Chord(entry: 0, exit: 0)

  var length: Double { max(0, exit - entry) }
}

/// A convex body about its own centre, lengths in voxels.
protocol ConvexBody: Sendable {
  associatedtype View: BodyView

  /// The largest `⟨r, direction⟩` of the body's points r, for a unit `direction`.
  func support(along direction: Vector) -> Double

  /// The body as rays along the unit vector `direction` meet it.
  func seen(along direction: Vector) -> View
}

/// What parallel rays need to know of a body.
protocol BodyView {
  /// The chord of the ray through `point`, counted from there.
  func chord(through point: Vector) -> Chord
}

/// `{ r : |M r| ≤ 1 }` with `M = diag(1/h) Rᵀ`.
struct Ellipsoid: ConvexBody {
  /// The three semi-axes as vectors, `hₖ Rₖ`.
  private let axes: [Vector]
  /// The columns of `M`.
  private let columns: (Vector, Vector, Vector)

  init(semiAxes: Vector, rotation: Rotation) {
    axes = [rotation.x * semiAxes.x, rotation.y * semiAxes.y, rotation.z * semiAxes.z]
    columns = (
      Vector(rotation.x.x, rotation.y.x, rotation.z.x) / semiAxes,
      Vector(rotation.x.y, rotation.y.y, rotation.z.y) / semiAxes,
      Vector(rotation.x.z, rotation.y.z, rotation.z.z) / semiAxes
    )
  }

  func support(along direction: Vector) -> Double {
    Vector(axes[0].dot(direction), axes[1].dot(direction), axes[2].dot(direction)).length
  }

  func seen(along direction: Vector) -> View { View(columns, direction) }

  struct View: BodyView {
    private let columns: (Vector, Vector, Vector)
    /// `w = M d`
    private let slope: Vector
    /// `⟨w, w⟩`
    private let curvature: Double

    init(_ columns: (Vector, Vector, Vector), _ d: Vector) {
      self.columns = columns
      slope = columns.0 * d.x + columns.1 * d.y + columns.2 * d.z
      curvature = slope.dot(slope)
    }

    /// The roots of `|q + t w|² = 1`, where `q = M p`.
    func chord(through p: Vector) -> Chord {
      let q = columns.0 * p.x + columns.1 * p.y + columns.2 * p.z
      let half = q.dot(slope)
      let discriminant = half * half - curvature * (q.dot(q) - 1)
      guard discriminant > 0 else { return .none }
      let root = discriminant.squareRoot()
      return Chord(entry: (-half - root) / curvature, exit: (-half + root) / curvature)
    }
  }
}
