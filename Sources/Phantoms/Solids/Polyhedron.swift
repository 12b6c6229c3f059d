/// The half-space `⟨normal, r⟩ ≤ distance`, the normal of unit length.
package struct HalfSpace: Sendable, Hashable {
  package let normal: SIMD3<Double>
  package let distance: Double

  /// Divides both sides by the length of `normal`, which must not be zero.
  package init(normal: SIMD3<Double>, distance: Double) {
    self.normal = normal / normal.length
    self.distance = distance / normal.length
  }
}

/// A convex body with flat faces: the intersection of half-spaces, lengths in voxels.
struct Polyhedron: ConvexBody {
  private let faces: [HalfSpace]
  private let vertices: [Vector]

  /// - Parameter faces: half-spaces that bound a body, before rotation.
  init(_ faces: [HalfSpace], _ rotation: Rotation) {
    self.faces = faces.map { HalfSpace(normal: rotation($0.normal), distance: $0.distance) }
    vertices = Polyhedron.vertices(of: self.faces)
  }

  func support(along direction: Vector) -> Double {
    vertices.reduce(-.infinity) { max($0, $1.dot(direction)) }
  }

  func seen(along direction: Vector) -> View {
    View(planes: faces.map { View.Plane($0, slope: $0.normal.dot(direction)) })
  }

  struct View: BodyView {
    struct Plane {
      let face: HalfSpace
      /// `1 / ⟨n, d⟩`, or 0 where the rays run along the face.
      let steepness: Double

      init(_ face: HalfSpace, slope: Double) {
        self.face = face
        steepness = abs(slope) < 1e-12 ? 0 : 1 / slope
      }
    }

    let planes: [Plane]

    /// A ray leaves a half-space where `⟨n, d⟩ > 0` and enters it where `⟨n, d⟩ < 0`.
    func chord(through point: Vector) -> Chord {
      var chord = Chord(entry: -.infinity, exit: .infinity)
      for plane in planes {
        let gap = plane.face.distance - plane.face.normal.dot(point)
        if plane.steepness > 0 {
          chord.exit = min(chord.exit, gap * plane.steepness)
        } else if plane.steepness < 0 {
          chord.entry = max(chord.entry, gap * plane.steepness)
        } else if gap < 0 {
          return .none
        }
      }
      return chord
    }
  }
}

extension Polyhedron {
  /// The points where three faces meet and no other cuts them off.
  static func vertices(of faces: [HalfSpace]) -> [Vector] {
    let size = faces.reduce(0) { max($0, abs($1.distance)) }
    var vertices: [Vector] = []
    for i in faces.indices {
      for j in faces[..<i].indices {
        let edge = faces[i].normal.cross(faces[j].normal)
        for k in faces[..<j].indices {
          let volume = edge.dot(faces[k].normal)
          guard abs(volume) > 1e-9 else { continue }
          let point =
            (faces[j].normal.cross(faces[k].normal) * faces[i].distance
              + faces[k].normal.cross(faces[i].normal) * faces[j].distance
              + edge * faces[k].distance) / volume
          let isKept = faces.allSatisfy { $0.normal.dot(point) <= $0.distance + 1e-9 * size }
          if isKept { vertices.append(point) }
        }
      }
    }
    return vertices
  }

  /// Whether the half-spaces leave a finite body with a volume.
  ///
  /// A body reaches to infinity if some direction v has `⟨n, v⟩ ≤ 0` for every face; where the
  /// normals span space, one such v then lies along the line where two of the faces meet.
  static func isBody(_ faces: [HalfSpace]) -> Bool {
    let vertices = vertices(of: faces)
    guard vertices.count >= 4 else { return false }
    let middle = vertices.reduce(.zero, +) / Double(vertices.count)
    guard faces.allSatisfy({ $0.normal.dot(middle) < $0.distance }) else { return false }
    for i in faces.indices {
      for j in faces[..<i].indices {
        let edge = faces[i].normal.cross(faces[j].normal)
        guard edge.length > 1e-9 else { continue }
        for way in [edge, -edge] where faces.allSatisfy({ $0.normal.dot(way) <= 1e-9 }) {
          return false
        }
      }
    }
    return true
  }

  /// A box with the given edges along x, y and z.
  static func cuboid(edges: Vector) -> [HalfSpace] {
    (0..<3).flatMap { axis in
      [1.0, -1.0].map { sign in
        var normal = Vector.zero
        normal[axis] = sign
        return HalfSpace(normal: normal, distance: edges[axis] / 2)
      }
    }
  }

  /// A regular octahedron, its corners on the axes: eight faces at `a/√6` from the centre.
  static func octahedron(edge a: Double) -> [HalfSpace] { diagonals(at: a / 6.0.squareRoot()) }

  /// A truncated octahedron: squares at `√2 a` across the axes, hexagons at `√(3/2) a`.
  static func truncatedOctahedron(edge a: Double) -> [HalfSpace] {
    cuboid(edges: Vector(repeating: 2 * 2.0.squareRoot() * a)) + diagonals(at: 1.5.squareRoot() * a)
  }

  private static func diagonals(at distance: Double) -> [HalfSpace] {
    (0..<8).map { octant in
      let sign = { (bit: Int) in octant & bit == 0 ? 1.0 : -1.0 }
      let diagonal = Vector(sign(1), sign(2), sign(4))
      return HalfSpace(normal: diagonal / diagonal.length, distance: distance)
    }
  }
}
