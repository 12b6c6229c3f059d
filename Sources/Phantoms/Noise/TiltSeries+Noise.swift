import Fields
import Statistics

extension TiltSeries {
  /// `y ← p + σ g`
  mutating func addGaussian(
    _ sigma: Double, _ model: NoiseModel, _ seed: UInt64, _ workers: Workers
  ) -> NoiseReport {
    replacePixels(seed, workers) { value, random in
      Float(Double(value) + sigma * random.gaussian())
    }
    return NoiseReport(model: model, seed: seed, sigma: sigma)
  }

  /// `y ← k + ρ g` or `(k + ρ g) / c`, where `k ~ Poisson(c p)`, c takes the brightest pixel to
  /// `counts` and ρ is the noise of reading.
  mutating func count(
    _ counts: Double, _ output: NoiseModel.Output, _ model: NoiseModel, _ seed: UInt64,
    _ workers: Workers
  ) throws(PhantomError) -> NoiseReport {
    let scale = counts / Double(try brightest())
    try refuseNegatives()
    let readNoise = model.readNoise
    guard readNoise >= 0 && readNoise <= 1e12 else { throw .readNoise(readNoise) }
    let unit = output == .counts ? 1 : scale
    replacePixels(seed, workers) { value, random in
      var electrons = Poisson(mean: max(0, scale * Double(value))).sample(using: &random)
      if readNoise > 0 { electrons += readNoise * random.gaussian() }
      return Float(electrons / unit)
    }
    return NoiseReport(
      model: model, seed: seed, brightestCounts: counts, countsPerUnit: scale)
  }

  /// The largest value of the series.
  func largest() throws(PhantomError) -> Float {
    let values = projections.span
    var largest: Float = 0
    for i in values.indices { largest = max(largest, values[i]) }
    guard largest > 0 else { throw .nothingToCount(tilt: tilts[0]) }
    return largest
  }

  /// The largest value of the projection whose tilt is closest to 0°.
  private func brightest() throws(PhantomError) -> Float {
    let tilt = tilts.indices.reduce(0) { abs(tilts[$1]) < abs(tilts[$0]) ? $1 : $0 }
    let values = projections.span
    var largest: Float = 0
    for slab in 0..<shape.slabs.slabCount {
      let start = (slab * shape.tiltCount + tilt) * shape.slabs.pageLength
      for i in start..<start + shape.slabs.pageLength { largest = max(largest, values[i]) }
    }
    guard largest > 0 else { throw .nothingToCount(tilt: tilts[tilt]) }
    return largest
  }

  /// Refuses what is more negative than rounding makes it.
  private func refuseNegatives() throws(PhantomError) {
    let limit = -1e-4 * (try largest())
    let values = projections.span
    for i in values.indices where values[i] < limit {
      let tilt = i / shape.slabs.pageLength % shape.tiltCount
      throw .negativeProjection(tilt: tilts[tilt], value: values[i])
    }
  }

  /// Replaces each pixel by a function of it and of its own random numbers.
  private mutating func replacePixels(
    _ seed: UInt64, _ workers: Workers,
    by noisy: @Sendable (_ value: Float, _ random: inout SplitMix64) -> Float
  ) {
    let slabs = shape.slabs
    workers.forEachSlab(of: projections.mutableSpan, length: slabs.pageLength) { page, values in
      var values = values
      let (slab, tilt) = page.quotientAndRemainder(dividingBy: slabs.pageCount)
      for bin in 0..<slabs.positionCount {
        for (lane, slice) in slabs.slices(of: slab).enumerated() {
          var random = SplitMix64(seed: seed, tilt: tilt, slice: slice, bin: bin)
          let i = bin * slabs.laneCount + lane
          values[i] = noisy(values[i], &random)
        }
      }
    }
  }
}
