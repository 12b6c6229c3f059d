/// One entry of a recipe's list of objects: a form, where it stands and how it is turned.
package struct PhantomObject: Codable, Sendable, Equatable {
  package let form: PhantomForm
  /// (x, y, z) from the centre of the volume; `[0, 0, 0]` where absent.
  package let centre: SIMD3<Double>
  /// Degrees about x, then about y, then about z, the axes staying fixed and each turn being
  /// right-handed; no turn where absent.
  package let rotation: SIMD3<Double>

  package init(
    _ form: PhantomForm, centre: SIMD3<Double> = .zero, rotation: SIMD3<Double> = .zero
  ) {
    (self.form, self.centre, self.rotation) = (form, centre, rotation)
  }

  package init(from decoder: any Decoder) throws {
    var reader = try RecipeReader(decoder)
    let shape = try reader.shape("shape")
    centre = try reader.vector("centre")
    rotation = shape.isRound ? .zero : try reader.vector("rotation")
    form = try PhantomForm(shape, from: &reader)
    try reader.refuseOtherKeys()
  }

  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: RecipeReader.Key.self)
    try values.encode(form.shape.rawValue, forKey: .init("shape"))
    try values.encode([centre.x, centre.y, centre.z], forKey: .init("centre"))
    if !form.shape.isRound {
      try values.encode([rotation.x, rotation.y, rotation.z], forKey: .init("rotation"))
    }
    try form.encode(into: &values)
  }
}
