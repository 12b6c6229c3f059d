extension PhantomForm {
  /// Writes the keys that ``init(_:from:)`` reads.
  func encode(into values: inout KeyedEncodingContainer<RecipeReader.Key>) throws {
    switch self {
    case .ellipsoid(let semiAxes, let density):
      try values.encode([semiAxes.x, semiAxes.y, semiAxes.z], forKey: .init("semiAxes"))
      try values.encode(density, forKey: .init("density"))
    case .sphere(let radius, let density):
      try values.encode(radius, forKey: .init("radius"))
      try values.encode(density, forKey: .init("density"))
    case .shells(let radii, let densities):
      try values.encode(radii, forKey: .init("radii"))
      try values.encode(densities, forKey: .init("densities"))
    case .cuboid(let edges, let density):
      try values.encode([edges.x, edges.y, edges.z], forKey: .init("edges"))
      try values.encode(density, forKey: .init("density"))
    case .cube(let edge, let density), .octahedron(let edge, let density),
      .truncatedOctahedron(let edge, let density):
      try values.encode(edge, forKey: .init("edge"))
      try values.encode(density, forKey: .init("density"))
    case .polyhedron(let faces, let density):
      let rows = faces.map { [$0.normal.x, $0.normal.y, $0.normal.z, $0.distance] }
      try values.encode(rows, forKey: .init("faces"))
      try values.encode(density, forKey: .init("density"))
    case .gaussian(let sigma, let density):
      try values.encode(sigma, forKey: .init("sigma"))
      try values.encode(density, forKey: .init("density"))
    case .lattice(let lattice, let density):
      try values.encode(lattice.cell.rawValue, forKey: .init("cell"))
      try values.encode(lattice.spacing, forKey: .init("spacing"))
      try values.encode(lattice.radius, forKey: .init("radius"))
      try values.encode(lattice.sigma, forKey: .init("sigma"))
      try values.encode(density, forKey: .init("density"))
    }
  }
}
