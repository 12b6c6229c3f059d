package import Fields
import Imaging
import RealModule
import Statistics

/// A particle with a known truth, and what both detectors see of it: 2-D, as the lecture draws it.
///
/// A core (r ≤ 45 of 256) in a shell (to 80), as flat areas or as atomic columns (pitch 10, σ 1.8).
/// HAADF is `Poisson(N · A Σ w x^1.7) / N` with N = 2500 and a blur of 1.5 pixels; maps are
/// `Poisson(n x + b)` with n = 16 counts where x is 1, or `n (x + σ g)`.
package struct FusionScene: Sendable {
  package enum Kind: String, Sendable, Codable, CaseIterable {
    /// One map holds core and shell, and HAADF nothing else.
    case single = "S"
    /// The same, and HAADF holds something more over the lower half that no map shows.
    case missing = "M"
    /// Core and shell have maps of their own, Au and Ni.
    case twoMaps = "T"
    /// Either drawn as columns.
    case singleColumns = "SL"
    case twoColumns = "TL"
  }

  package let kind: Kind
  package let size: Int
  /// `[element][row][column]`
  package let truth: [FloatStorage]
  package let elements: [ChemicalElement]
  /// Counts of the maps where x is 1.
  package var counts = 16.0
  /// Background counts of a map's pixel.
  package var background = 0.0
  /// HAADF counts where its signal is 1.
  package var haadfCounts = 2500.0
  /// Map pixels are means over `k × k` pixels.
  package var binning = 1
  /// The standard deviation of Gaussian map noise where x is 1, in place of counting.
  package var gaussian: Double?
  package var seed: UInt64 = 1

  static let exponent = 1.7
  package static let blur = 1.5

  package init(_ kind: Kind, size: Int = 256) throws {
    (self.kind, self.size) = (kind, size)
    let hasColumns = kind == .singleColumns || kind == .twoColumns
    let texture = hasColumns ? Self.columns(size) : nil
    let parts = [0.0..<45.0, 45.0..<80.0].map { radii in
      Self.image(size) { r, i in
        let unit = Double(size) / 256
        let isInside = radii.lowerBound * unit < r && r <= radii.upperBound * unit
        return (isInside || (r == 0 && radii.lowerBound == 0)) ? Double(texture?[i] ?? 1) : 0
      }
    }
    let (core, shell) = (parts[0], parts[1].map { 0.4 * $0 })
    switch kind {
    case .twoMaps, .twoColumns:
      truth = [FloatStorage(core), FloatStorage(shell)]
      elements = [try ChemicalElement("Au"), try ChemicalElement("Ni")]
    default:
      truth = [FloatStorage(zip(core, shell).map(+))]
      elements = [try ChemicalElement("Au")]
    }
  }

  /// What the detectors see.
  package func detectors(workers: Workers = .all) throws -> ImageDetectors {
    var detectors = ImageDetectors(
      Image(try haadf(workers), columnCount: size),
      elements.indices.map { e in
        var map = ImageDetectors.Map(
          elements[e], Image(measured(e), columnCount: size / binning))
        map.noise = gaussian == nil ? .poisson(background: background) : .gaussian(sigma: nil)
        map.scale = counts
        return map
      })
    detectors.spread = try PointSpread(gaussian: [0, Self.blur, Self.blur])
    detectors.workers = workers
    return detectors
  }

  private func haadf(_ workers: Workers) throws -> [Float] {
    let extra = Float(kind == .missing ? 0.3 : 0)
    var signal = FloatStorage(zeros: size * size)
    var values = signal.mutableSpan
    for (element, x) in zip(elements, truth) {
      let z = Double(element.atomicNumber) / Double(elements[0].atomicNumber)
      let w = Float(Double.pow(z, Self.exponent))
      let x = x.span
      for i in x.indices { values[i] += w * .pow(x[i], Float(Self.exponent)) }
    }
    for i in size * (size / 2)..<size * size { values[i] += extra }
    var seen = FloatStorage(zeros: size * size)
    FieldBlur(
      try PointSpread(gaussian: [0, Self.blur, Self.blur]),
      on: Grid(rowCount: size, columnCount: size), ends: .periodic, workers: workers
    ).apply(signal.span, into: seen.mutableSpan)
    let n = haadfCounts
    return draw(seen, detector: 0) { u, random in
      Poisson(mean: max(n * u, 0)).sample(using: &random) / n
    }
  }

  private func measured(_ e: Int) -> [Float] {
    let shape = SlabShape(sliceCount: size, pageCount: 1, positionCount: size, laneCount: 1)
    let whole = truth[e]
    var mean = whole
    if let binning = MapBinning(shape, by: binning), binning.factor > 1 {
      var means = FloatStorage(zeros: binning.coarse.count)
      var values = means.mutableSpan
      binning.mean(whole.span, into: &values, times: 1)
      mean = FloatStorage(Image(means.span, binning.coarse).pixels)
    }
    return draw(mean, detector: e + 1) { x, random in
      if let gaussian { return counts * (x + gaussian * random.gaussian()) }
      return Poisson(mean: counts * x + background).sample(using: &random)
    }
  }

  private func draw(
    _ mean: FloatStorage, detector: Int,
    _ sample: (Double, inout SplitMix64) -> Double
  ) -> [Float] {
    let mean = mean.span
    return mean.indices.map { i in
      var random = SplitMix64(seed: seed, tilt: detector, slice: i / size, bin: i % size)
      return Float(sample(Double(mean[i]), &random))
    }
  }

  private static func image(_ size: Int, _ value: (_ r: Double, _ i: Int) -> Double) -> [Float] {
    let middle = 0.5 * Double(size - 1)
    return (0..<size * size).map { i in
      let (y, x) = (Double(i / size) - middle, Double(i % size) - middle)
      return Float(value((x * x + y * y).squareRoot(), i))
    }
  }

  /// `Σ exp(−d² / 2·1.8²)` over a square lattice of pitch 10, nine columns each way.
  private static func columns(_ size: Int) -> [Float] {
    let middle = 0.5 * Double(size - 1)
    let line = (0..<size).map { i in
      (-9...9).reduce(0.0) { sum, k in
        let d = Double(i) - middle - 10 * Double(k)
        return sum + .exp(-d * d / (2 * 1.8 * 1.8))
      }
    }
    return (0..<size * size).map { Float(line[$0 / size] * line[$0 % size]) }
  }
}
