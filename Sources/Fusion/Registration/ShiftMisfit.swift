import Fields
import RealModule
import Transforms

/// How much of HAADF maps do not explain, as a function of the shift `d` that some of them have against it:
///
///     S(d) = min_{c ≥ 0}  ⟨w r, K r⟩,    r = B h(· − d) − A Σ cₑ mₑ − A Σ c_f m̃_f(· − d)
///
/// Maps e are searched together; maps f are settled, and `m̃_f` is theirs in HAADF's frame. `w` is 1 in the middle and
/// fades to 0 where shifts within reach would look beyond the field, so that nothing is fixed to the frame. The maps stay
/// where they are and quiet HAADF moves, so that interpolation cannot change their noise. What that noise adds to their
/// own products is taken off, since it would make the coefficients too small.
struct ShiftMisfit {
  /// What one shift leaves unexplained.
  struct Fit {
    let misfit: Double
    /// Of the searched maps, then of the settled ones.
    let coefficients: [Double]
    let explained: Double
  }

  let scene: RegistrationScene
  let searched: [Int]
  let settled: [(map: Int, shift: SIMD2<Double>)]
  let window: FloatStorage
  /// `⟨w h, Bᵀ K B h(· − d)⟩`
  private let energy: CorrelationSurface
  /// `⟨w mₑ, Aᵀ K B h(· − d)⟩` and `⟨w mₑ, Aᵀ K A m̃_f(· − d)⟩`
  let common: [CorrelationSurface]
  private let cross: [[CorrelationSurface]]
  /// The same of settled maps with HAADF and among each other, which change as far as the window moves over them.
  private let settledRight: [CorrelationSurface]
  private let settledGram: [[CorrelationSurface]]
  /// Of searched maps among each other, which no shift changes.
  private var gram: [[Double]]
  /// What noise adds to the squares of each map, as far as it is taken off; `nil` leaves a map out.
  private var noise: [Double?]

  /// - Parameters:
  ///   - centre: about which shifts are searched.
  ///   - reach: how far.
  init(
    _ scene: RegistrationScene, _ searched: [Int],
    settled: [(map: Int, shift: SIMD2<Double>)] = [], about centre: SIMD2<Double>,
    reach: SIMD2<Double>
  ) {
    (self.scene, self.searched, self.settled) = (scene, searched, settled)
    let window = fadingWindow(
      scene.shape, right: reach.x + abs(centre.x), down: reach.y + abs(centre.y))
    let own = scene.moved(window, by: -centre)
    func transformed(_ x: borrowing FloatStorage) -> Spectrum { Spectrum(x, scene.transform) }
    func surface(_ a: Spectrum, _ b: Spectrum) -> CorrelationSurface {
      CorrelationSurface(a, b, scene.transform)
    }
    let template = transformed(scene.template)
    let haadf = centred(scene.picture, own)
    energy = surface(transformed(window), transformed(product(haadf, scene.filtered)))
    let fields = searched.map { product(centred(scene.sources[$0].picture, window), window) }
    let spectra = fields.map(transformed)
    common = spectra.map { surface($0, template) }
    let placed = settled.map {
      centred(scene.moved(scene.sources[$0.map].picture, by: -$0.shift), own)
    }
    let filtered = settled.map { scene.moved(scene.sources[$0.map].filtered, by: -$0.shift) }
    let filteredSpectra = filtered.map(transformed)
    cross = spectra.map { one in filteredSpectra.map { surface(one, $0) } }
    let frame = transformed(window)
    settledRight = placed.map { surface(frame, transformed(product($0, scene.template))) }
    settledGram = placed.map { one in
      filtered.map { surface(frame, transformed(product(one, $0))) }
    }
    let responses = searched.map { scene.sources[$0].filtered }
    gram = fields.indices.map { i in
      fields.indices.map {
        0.5 * (inner(fields[i], responses[$0]) + inner(fields[$0], responses[i]))
      }
    }
    self.noise = []
    self.window = window
    let added =
      searched.map { inner(window, scene.sources[$0].variance) * scene.sources[$0].noisePeak }
      + settled.map { place in
        let source = scene.sources[place.map]
        return inner(own, scene.moved(source.variance, by: -place.shift)) * source.noisePeak
      }
    takeOff(added, at: centre)
  }

  /// Takes off what noise adds, or as much of it as leaves the products those of vectors; maps of which nearly nothing would
  /// be left do not count.
  private mutating func takeOff(_ added: [Double], at centre: SIMD2<Double>) {
    noise = added.map { _ in 0 }
    let squares = products(at: centre)
    let kept = added.indices.map { squares[$0][$0] > 1.05 * added[$0] && squares[$0][$0] > 0 }
    for share in [0.98, 0.5, 0.25, 0.0] {
      noise = zip(added, kept).map { $1 ? share * $0 : nil }
      if isPositive(products(at: centre)) { return }
    }
  }

  /// `⟨w mᵢ, Aᵀ K A mⱼ⟩` without noise, of searched maps, then of settled ones; a diagonal of 0 leaves a map out.
  private func products(at d: SIMD2<Double>) -> [[Double]] {
    let count = searched.count
    var products = noise.map { _ in [Double](repeating: 0, count: noise.count) }
    for i in products.indices {
      for j in products.indices {
        switch (i < count, j < count) {
        case (true, true): products[i][j] = gram[i][j]
        case (true, false): products[i][j] = cross[i][j - count].value(at: d)
        case (false, true): products[i][j] = cross[j][i - count].value(at: d)
        case (false, false):
          let (one, two) = (settledGram[i - count][j - count], settledGram[j - count][i - count])
          products[i][j] = 0.5 * (one.value(at: d) + two.value(at: d))
        }
      }
    }
    for (i, added) in noise.enumerated() {
      products[i][i] = added.map { max(products[i][i] - $0, 0) } ?? 0
    }
    return products
  }

  /// The part of HAADF that the settled maps explain alone.
  func explainedBySettled(at d: SIMD2<Double>) -> Double {
    guard !settled.isEmpty else { return 0 }
    var alone = self
    for i in searched.indices { alone.noise[i] = nil }
    return alone.fit(at: d).explained
  }

  func fit(at d: SIMD2<Double>) -> Fit {
    let right = (common + settledRight).map { $0.value(at: d) }
    let products = products(at: d)
    let c = nonNegative(products, right)
    var explained = 0.0
    for i in c.indices {
      explained += 2 * c[i] * right[i]
      for j in c.indices { explained -= c[i] * c[j] * products[i][j] }
    }
    let total = energy.value(at: d)
    return Fit(
      misfit: total - explained, coefficients: c, explained: total > 0 ? explained / total : 0)
  }
}

/// `min_{c ≥ 0} cᵀ G c − 2 cᵀ b` by coordinate descent; a diagonal of 0 leaves an unknown out.
private func nonNegative(_ gram: [[Double]], _ right: [Double]) -> [Double] {
  var c = [Double](repeating: 0, count: right.count)
  for _ in 0..<200 {
    var change = 0.0
    for i in c.indices where gram[i][i] > 0 {
      let rest = c.indices.reduce(0.0) { $0 + ($1 == i ? 0 : gram[i][$1] * c[$1]) }
      let next = max(0, (right[i] - rest) / gram[i][i])
      change = max(change, abs(next - c[i]) * gram[i][i].squareRoot())
      c[i] = next
    }
    let size = c.indices.reduce(0.0) { max($0, c[$1] * max(gram[$1][$1], 0).squareRoot()) }
    if change <= 1e-7 * size { break }
  }
  return c
}

/// Whether elimination meets no pivot below a hundredth of its diagonal; zeros are left out.
private func isPositive(_ matrix: [[Double]]) -> Bool {
  var m = matrix
  let kept = m.indices.filter { m[$0][$0] != 0 }
  for (place, i) in kept.enumerated() {
    guard m[i][i] > 0.01 * matrix[i][i], m[i][i] > 0 else { return false }
    for j in kept[(place + 1)...] {
      let factor = m[j][i] / m[i][i]
      for k in kept[place...] { m[j][k] -= factor * m[i][k] }
    }
  }
  return true
}

private func inner(_ a: borrowing FloatStorage, _ b: borrowing FloatStorage) -> Double {
  dot(a.span, b.span)
}

private func product(_ a: borrowing FloatStorage, _ b: borrowing FloatStorage) -> FloatStorage {
  var product = copy a
  var values = product.mutableSpan
  let other = b.span
  for i in values.indices { values[i] *= other[i] }
  return product
}

/// `x − Σ w x / Σ w`
func centred(_ x: borrowing FloatStorage, _ window: borrowing FloatStorage) -> FloatStorage {
  let weight = window.span.indices.reduce(0.0) { $0 + Double(window.span[$1]) }
  let mean = weight > 0 ? Float(dot(x.span, window.span) / weight) : 0
  var centred = copy x
  var values = centred.mutableSpan
  for i in values.indices { values[i] -= mean }
  return centred
}

/// 0 within a margin of each edge, then half a cosine over a sixteenth of the shorter side, 1 inside.
private func fadingWindow(_ shape: SlabShape, right: Double, down: Double) -> FloatStorage {
  let fade = max(2, Double(min(shape.sliceCount, shape.positionCount)) / 16)
  func line(_ count: Int, _ margin: Double) -> [Float] {
    (0..<count).map { i in
      let place = (Double(min(i, count - 1 - i)) + 0.5 - margin) / fade
      return place <= 0 ? 0 : place >= 1 ? 1 : Float(0.5 - 0.5 * Double.cos(.pi * place))
    }
  }
  let (rows, columns) = (line(shape.sliceCount, down), line(shape.positionCount, right))
  return FloatStorage(rows.flatMap { row in columns.map { row * $0 } })
}
