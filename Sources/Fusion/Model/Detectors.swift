package import Fields
package import Operators
package import Transforms

/// The HAADF image or tilt series, and how it comes about.
package struct HAADFSignal: Sendable {
  /// `b_H`
  package let measurement: FloatStorage
  package let pictures: Pictures
  /// `A`
  package let imaging: any LinearOperator
  /// The standard deviation of its noise.
  package let sigma: Double

  package init(
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
package struct ElementMap: Sendable {
  package enum Noise: Sendable, Hashable {
    /// Counts over a known background of so many counts a pixel.
    case poisson(background: Double)
    case gaussian(sigma: Double)
  }

  package let element: ChemicalElement
  /// `b_E`
  package let measurement: FloatStorage
  package let pictures: Pictures
  package let imaging: any LinearOperator
  package let binning: MapBinning
  package let noise: Noise
  /// `s`: the value of a pixel where the concentration seen is 1, where it is known.
  package let scale: Double?
  /// Against HAADF, which ``imaging`` holds already.
  package let shift: MapShift
  /// Of its tilts, where they were looked for.
  package let yields: TiltYields?
  /// Pixels of the map as it was measured in one pixel of ``measurement``: more than 1 where neighbours were added up.
  package let pixelCount: Int
  /// What one count is worth in the map as it was given, where it was scaled.
  package let unit: Double

  package init(
    _ element: ChemicalElement, _ measurement: FloatStorage, through imaging: any LinearOperator,
    _ binning: MapBinning, noise: Noise, scale: Double? = nil, shift: MapShift = .unknown,
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

/// What all detectors saw of one specimen: made by ``ImageDetectors`` or ``SeriesDetectors``.
public struct FusionData: Sendable {
  package let haadf: HAADFSignal
  package let maps: [ElementMap]
  /// Of the unknown concentrations of one element.
  package let gradient: SlabGradient

  package init(_ haadf: HAADFSignal, _ maps: [ElementMap], gradient: SlabGradient) {
    (self.haadf, self.maps, self.gradient) = (haadf, maps, gradient)
  }

  /// Whether concentrations share a unit, so that what HAADF sees of them is known up to one gain: from the scale of
  /// each map, or from the weight of each element.
  var isTied: Bool {
    maps.allSatisfy { $0.scale != nil } || maps.allSatisfy { $0.element.weight != nil }
  }

  /// Values of one element.
  package var voxelCount: Int { gradient.domainCount }
  package var workers: Workers { gradient.workers }
}
