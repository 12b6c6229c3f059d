/// Atoms on a cubic lattice within a sphere, each a Gaussian.
package struct AtomLattice: Sendable, Equatable {
  /// Where the atoms of one cubic cell stand.
  package enum Cell: String, Sendable, CaseIterable {
    case simple
    /// Body-centred.
    case bcc
    /// Face-centred.
    case fcc

    /// The atoms of a cell, in edges of the cell.
    var basis: [SIMD3<Double>] {
      switch self {
      case .simple: [[0, 0, 0]]
      case .bcc: [[0, 0, 0], [0.5, 0.5, 0.5]]
      case .fcc: [[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]]
      }
    }
  }

  package let cell: Cell
  /// The edge of the cubic cell.
  package let spacing: Double
  /// How far from the centre the last atoms stand.
  package let radius: Double
  /// The width of an atom.
  package let sigma: Double

  init(from reader: inout RecipeReader) throws(PhantomError) {
    cell = try reader.choice("cell")
    spacing = try reader.length("spacing")
    radius = try reader.length("radius")
    sigma = try reader.length("sigma")
    guard radius <= 40 * spacing else {
      throw reader.fault("radius", needs: "at most 40 spacings, or the atoms are too many")
    }
  }

  /// The atoms of the lattice turned by `rotation`, from its centre.
  func atoms(_ rotation: Rotation) -> [SIMD3<Double>] {
    let reach = Int((radius / spacing).rounded(.up))
    var atoms: [SIMD3<Double>] = []
    for k in -reach...reach {
      for j in -reach...reach {
        for i in -reach...reach {
          for offset in cell.basis {
            let atom = (SIMD3(Double(i), Double(j), Double(k)) + offset) * spacing
            if atom.length <= radius * (1 + 1e-12) { atoms.append(rotation(atom)) }
          }
        }
      }
    }
    return atoms
  }
}
