public import Fields

extension Phantom {
  /// The phantom that `recipe` describes, in voxels.
  ///
  /// - Parameters:
  ///   - volume: the voxel counts; the recipe's by default. Objects whose lengths are in half widths grow with the
  ///     width.
  ///   - voxelSize: nm. By default the recipe's; objects in half widths keep their size in nm, so
  ///     that more voxels are smaller voxels.
  /// - Throws: ``PhantomError/voxelSize(_:)`` unless the voxel size is between 10⁻⁶ and 10⁶ nm.
  public init(
    _ recipe: PhantomRecipe, volume: VolumeShape? = nil, voxelSize: Double? = nil
  ) throws(PhantomError) {
    if let voxelSize, !RecipeReader.isLength(voxelSize) { throw .voxelSize(voxelSize) }
    let shape = volume ?? recipe.volume
    let scale: Double
    let edge: Double?
    switch recipe.unit {
    case .halfWidth:
      scale = Double(shape.width) / 2
      edge = voxelSize ?? recipe.voxelSize.map { $0 * Double(recipe.size[0]) / Double(shape.width) }
    case .nm:
      // A recipe in nm always has a voxel size: it is refused otherwise.
      edge = voxelSize ?? recipe.voxelSize
      scale = edge.map { 1 / $0 } ?? 1
    }
    self.init(recipe.objects.flatMap { $0.solids(scale) }, volume: shape, voxelSize: edge)
  }
}

extension Phantom {
  /// Objects whose lengths are in voxels.
  package init(_ objects: [PhantomObject], volume: VolumeShape, voxelSize: Double? = nil) {
    self.init(objects.flatMap { $0.solids(1) }, volume: volume, voxelSize: voxelSize)
  }
}

extension PhantomObject {
  /// The solids of the object, each length times `scale`.
  func solids(_ scale: Double) -> [Solid] {
    let turn = Rotation(degrees: rotation)
    let solid = { (form: Solid.Form, density: Double) in
      [Solid(form: form, centre: centre * scale, density: density)]
    }
    let ball = { (radius: Double) in
      Solid.Form.ellipsoid(Ellipsoid(semiAxes: Vector(repeating: radius * scale), rotation: turn))
    }
    let facetted = { (faces: [HalfSpace]) in Solid.Form.polyhedron(Polyhedron(faces, turn)) }
    switch form {
    case .ellipsoid(let semiAxes, let density):
      return solid(.ellipsoid(Ellipsoid(semiAxes: semiAxes * scale, rotation: turn)), density)
    case .sphere(let radius, let density):
      return solid(ball(radius), density)
    case .shells(let radii, let densities):
      let outer = [0] + densities.dropLast()
      return zip(radii, zip(densities, outer)).flatMap { radius, density in
        solid(ball(radius), density.0 - density.1)
      }
    case .cuboid(let edges, let density):
      return solid(facetted(Polyhedron.cuboid(edges: edges * scale)), density)
    case .cube(let edge, let density):
      return solid(
        facetted(Polyhedron.cuboid(edges: Vector(repeating: edge * scale))), density)
    case .octahedron(let edge, let density):
      return solid(facetted(Polyhedron.octahedron(edge: edge * scale)), density)
    case .truncatedOctahedron(let edge, let density):
      return solid(facetted(Polyhedron.truncatedOctahedron(edge: edge * scale)), density)
    case .polyhedron(let faces, let density):
      let scaled = faces.map { HalfSpace(normal: $0.normal, distance: $0.distance * scale) }
      return solid(facetted(scaled), density)
    case .gaussian(let sigma, let density):
      return solid(.blob(Blob(sigma: sigma * scale)), density)
    case .lattice(let lattice, let density):
      return lattice.atoms(turn).map { atom in
        Solid(
          form: .blob(Blob(sigma: lattice.sigma * scale)), centre: (centre + atom) * scale,
          density: density)
      }
    }
  }
}
