public import Fields
public import Operators
public import Transforms

/// The HAADF image or tilt series, and how it comes about.
public struct HAADFSignal: Sendable {
  /// `b_H`
  public let measurement: FloatStorage
  public let pictures: Pictures
  /// `A`
  public let imaging: any LinearOperator
  /// The standard deviation of its noise.
  public let sigma: Double

  public init(
    _ measurement: FloatStorage, _ pictures: Pictures, through imaging: any LinearOperator,
    sigma: Double
  ) {
    precondition(
      measurement.count == pictures.shape.count && imaging.rangeCount == measurement.count)
    (self.measurement, self.pictures) = (measurement, pictures)
    (self.imaging, self.sigma) = (imaging, sigma)
  }
}

/// The map or chemical tilt series of one element.
public struct ElementMap: Sendable {
  public enum Noise: Sendable, Hashable {
    /// Counts over a known background of so many counts a pixel.
    case poisson(background: Double)
    case gaussian(sigma: Double)
  }

  public let element: ChemicalElement
  /// `b_E`
  public let measurement: FloatStorage
  public let pictures: Pictures
  public let imaging: any LinearOperator
  public let binning: Binning
  public let noise: Noise
  /// `s`: the value of a pixel where the concentration seen is 1, where it is known.
  public let scale: Double?
  /// Against HAADF, which ``imaging`` holds already.
  public let shift: MapShift
  /// Of its tilts, where they were looked for.
  public let yields: TiltYields?
  /// Pixels of the map as it was measured in one pixel of ``measurement``: more than 1 where neighbours were added up.
  public let pixelCount: Int
  /// What one count is worth in the map as it was given, where it was scaled.
  public let unit: Double

  public init(
    _ element: ChemicalElement, _ measurement: FloatStorage, through imaging: any LinearOperator,
    _ binning: Binning, noise: Noise, scale: Double? = nil, shift: MapShift = .unknown,
    yields: TiltYields? = nil, pixelCount: Int = 1, unit: Double = 1
  ) {
    precondition(measurement.count == binning.coarse.count, "the map does not fit its binning")
    (self.element, self.measurement, self.imaging) = (element, measurement, imaging)
    (self.binning, self.noise, self.scale, self.shift) = (binning, noise, scale, shift)
    self.yields = yields
    (pictures, self.pixelCount, self.unit) = (Pictures(binning.coarse), pixelCount, unit)
  }

  /// Of one pixel as it was measured.
  var background: Double {
    if case .poisson(let background) = noise { background } else { 0 }
  }

  /// `∂²d/∂x²` where the concentration seen is `x` and a pixel counts `s x`.
  func curvature(at x: Double, scale s: Double) -> Double {
    switch noise {
    case .poisson(let background): s * s / max(s * x + background, 1e-3)
    case .gaussian(let sigma): s * s / (sigma * sigma)
    }
  }
}

/// What all detectors saw of one specimen.
public struct FusionData: Sendable {
  public let haadf: HAADFSignal
  public let maps: [ElementMap]
  /// Of the unknown concentrations of one element.
  public let gradient: SlabGradient

  public init(_ haadf: HAADFSignal, _ maps: [ElementMap], gradient: SlabGradient) {
    (self.haadf, self.maps, self.gradient) = (haadf, maps, gradient)
  }

  /// Whether concentrations share a unit, so that what HAADF sees of them is known up to one gain: from the scale of
  /// each map, or from the weight of each element.
  var isTied: Bool {
    maps.allSatisfy { $0.scale != nil } || maps.allSatisfy { $0.element.weight != nil }
  }

  /// Values of one element.
  public var voxelCount: Int { gradient.domainCount }
  public var workers: Workers { gradient.workers }
}
