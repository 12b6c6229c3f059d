import Fields
package import Phantoms

/// A known object that is projected and reconstructed to see what becomes of it.
package enum Probe: Sendable, Hashable {
  /// A Gaussian of peak 1; lengths in voxels.
  case blob(sigma: Double)
  /// Density 1.
  case sphere(radius: Double)

  /// For instance "blob, sigma 3".
  package var name: String {
    switch self {
    case .blob(let sigma): "blob, σ \(sigma)"
    case .sphere(let radius): "sphere, R \(radius)"
    }
  }

  /// The object at the centre of a cube of `size` voxels.
  package func phantom(size: Int) -> Phantom {
    let form: PhantomForm =
      switch self {
      case .blob(let sigma): .gaussian(sigma: sigma, density: 1)
      case .sphere(let radius): .sphere(radius: radius, density: 1)
      }
    return Phantom(
      [PhantomObject(form)], volume: VolumeShape(width: size, depth: size, sliceCount: size))
  }

  /// Its own full width at half maximum, in voxels.
  package var width: Double {
    switch self {
    case .blob(let sigma): 2 * (2 * 0.6931471805599453).squareRoot() * sigma
    case .sphere(let radius): 2 * radius
    }
  }
}
