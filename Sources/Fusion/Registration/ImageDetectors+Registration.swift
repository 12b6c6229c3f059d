import Fields
import Imaging
import Operators

extension ImageDetectors {
  /// The same detectors with the shift of each map against HAADF found, where it is not given.
  ///
  /// - Throws: ``FusionError`` where sizes do not fit, noise cannot be told or HAADF and maps lie too far apart.
  package func registered() throws -> ImageDetectors {
    guard maps.contains(where: { $0.shift == nil }),
      min(haadf.rowCount, haadf.columnCount) >= MapRegistration.leastSide
    else { return self }
    let scene = try RegistrationScene(
      haadf: haadf, sigma: try noiseOfHAADF(), try maps.map(spreadOut), spread: spread,
      mapSpread: mapSpread, workers: workers)
    let shifts = try MapRegistration(scene: scene, given: maps.map(\.shift)).shifts()
    return with(
      zip(maps, shifts).map { map, shift in
        var map = map
        map.shift = shift
        return map
      })
  }

  private func with(_ maps: [Map]) -> ImageDetectors {
    var detectors = ImageDetectors(haadf, maps)
    (detectors.spread, detectors.mapSpread, detectors.ends) = (spread, mapSpread, ends)
    (detectors.haadfSigma, detectors.workers) = (haadfSigma, workers)
    return detectors
  }

  /// A map on HAADF's pixels, each of its own spread over those that it covers.
  private func spreadOut(_ map: Map) throws(FusionError) -> RegistrationScene.Measurement {
    let binning = try binning(of: map)
    let noise = try map.noise.known(
      map.element.symbol, map.image.field, Pictures(binning.coarse), workers)
    let (k, columns) = (binning.factor, map.image.columnCount)
    var picture = FloatStorage(zeros: haadf.pixels.count)
    var variance = picture
    var values = picture.mutableSpan
    var spreads = variance.mutableSpan
    let pixels = map.image.pixels.span
    for i in values.indices {
      let (row, column) = (i / haadf.columnCount / k, i % haadf.columnCount / k)
      let y = pixels[row * columns + column]
      switch noise {
      case .poisson(let background): (values[i], spreads[i]) = (y - Float(background), max(y, 0))
      case .gaussian(let sigma): (values[i], spreads[i]) = (y, Float(sigma * sigma))
      }
    }
    return RegistrationScene.Measurement(picture: picture, variance: variance, cell: k)
  }
}
