/// What an object of a recipe is, lengths in the recipe's unit.
package enum PhantomForm: Sendable, Equatable {
  /// `density` inside the semi-axes along x, y and z, before rotation.
  case ellipsoid(semiAxes: SIMD3<Double>, density: Double)
  case sphere(radius: Double, density: Double)
  /// Concentric layers from the outermost radius inwards; `densities[k]` is the density between
  /// `radii[k]` and the next.
  case shells(radii: [Double], densities: [Double])
  case cuboid(edges: SIMD3<Double>, density: Double)
  case cube(edge: Double, density: Double)
  /// Corners on the axes, before rotation.
  case octahedron(edge: Double, density: Double)
  /// Squares across the axes, before rotation.
  case truncatedOctahedron(edge: Double, density: Double)
  /// A bounded intersection of half-spaces, written `[nx, ny, nz, d]` for `nx x + ny y + nz z ≤ d`.
  case polyhedron(faces: [HalfSpace], density: Double)
  /// `density · exp(−r² / 2σ²)`: `density` is the peak.
  case gaussian(sigma: Double, density: Double)
  /// Gaussian atoms on a cubic lattice, one at the centre, those within `radius` of it.
  case lattice(AtomLattice, density: Double)

  package enum Shape: String, Sendable, CaseIterable {
    case ellipsoid
    case sphere
    case shells
    case cuboid
    case cube
    case octahedron
    case truncatedOctahedron
    case polyhedron
    case gaussian
    case lattice

    /// Whether a rotation would change nothing.
    var isRound: Bool { self == .sphere || self == .shells || self == .gaussian }
  }

  package var shape: Shape {
    switch self {
    case .ellipsoid: .ellipsoid
    case .sphere: .sphere
    case .shells: .shells
    case .cuboid: .cuboid
    case .cube: .cube
    case .octahedron: .octahedron
    case .truncatedOctahedron: .truncatedOctahedron
    case .polyhedron: .polyhedron
    case .gaussian: .gaussian
    case .lattice: .lattice
    }
  }

  init(_ shape: Shape, from reader: inout RecipeReader) throws(PhantomError) {
    if shape == .shells {
      self = try PhantomForm.shells(from: &reader)
      return
    }
    let density = try reader.number("density")
    self =
      switch shape {
      case .ellipsoid, .shells:
        .ellipsoid(semiAxes: try reader.lengths("semiAxes"), density: density)
      case .sphere: .sphere(radius: try reader.length("radius"), density: density)
      case .cuboid: .cuboid(edges: try reader.lengths("edges"), density: density)
      case .cube: .cube(edge: try reader.length("edge"), density: density)
      case .octahedron: .octahedron(edge: try reader.length("edge"), density: density)
      case .truncatedOctahedron:
        .truncatedOctahedron(edge: try reader.length("edge"), density: density)
      case .polyhedron:
        .polyhedron(faces: try PhantomForm.faces(from: &reader), density: density)
      case .gaussian: .gaussian(sigma: try reader.length("sigma"), density: density)
      case .lattice: .lattice(try AtomLattice(from: &reader), density: density)
      }
  }

  private static func shells(from reader: inout RecipeReader) throws(PhantomError) -> Self {
    let radii: [Double] = try reader.value(
      "radii", needing: "a list of lengths, each shorter than the one before"
    ) { radii in
      !radii.isEmpty && radii.allSatisfy(RecipeReader.isLength)
        && zip(radii, radii.dropFirst()).allSatisfy { $0 > $1 }
    }
    let densities: [Double] = try reader.value(
      "densities", needing: "\(radii.count) numbers, one per radius, of at most 1e6 in size"
    ) { $0.count == radii.count && $0.allSatisfy { abs($0) <= RecipeReader.largest } }
    return .shells(radii: radii, densities: densities)
  }

  private static func faces(from reader: inout RecipeReader) throws(PhantomError) -> [HalfSpace] {
    let rule = "4 to 64 faces [nx, ny, nz, d] that together bound a body"
    let rows: [[Double]] = try reader.value("faces", needing: rule) { rows in
      (4...64).contains(rows.count)
        && rows.allSatisfy { row in
          row.count == 4 && row.allSatisfy { abs($0) <= RecipeReader.largest }
            && Vector(row[0], row[1], row[2]).length > 1e-6
        }
    }
    let faces = rows.map { HalfSpace(normal: Vector($0[0], $0[1], $0[2]), distance: $0[3]) }
    guard Polyhedron.isBody(faces) else { throw reader.fault("faces", needs: rule) }
    return faces
  }
}
