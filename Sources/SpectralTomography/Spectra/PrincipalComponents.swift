package import DenseAlgebra
package import Fields

/// The few spectra of which all places of a spectrum image are mixed.
///
/// Counts `yᵢ꜀` of place i and channel c are weighted so that Poisson noise is even,
///
///     ŷᵢ꜀ = yᵢ꜀ √(Y / (gᵢ h꜀)),   gᵢ = Σ꜀ yᵢ꜀,   h꜀ = Σᵢ yᵢ꜀,   Y = Σ y
///
/// and with `ŶᵀŶ = V Λ Vᵀ` the kept part is `ŷ ← V_k V_kᵀ ŷ`, weighted back. Noise alone gives
/// eigenvalues near the number of places n, below the edge `n (1 + √(C/n))²` of Marchenko and Pastur.
///
/// - Reference: M. Keenan and P. Kotula, Surf. Interface Anal. 36, 203 (2004).
package struct PrincipalComponents: Sendable {
  /// `λ_k`, from the largest down.
  package let eigenvalues: [Double]
  /// Above this an eigenvalue is no noise, where the data are counts.
  package let noiseEdge: Double
  /// `V`, `[channel][component]`.
  private let vectors: Matrix
  private let channelScale: [Double]
  private let placeScale: FloatStorage

  /// - Parameter channels: one field a channel, all of one length.
  /// - Throws: `DenseError` where a value is not finite.
  /// - Complexity: O(places × channels²) time; the channels are held by the caller.
  package init(_ channels: [FloatStorage], workers: Workers = .all) throws(DenseError) {
    precondition(!channels.isEmpty, "there is a channel")
    let (count, places) = (channels.count, channels[0].count)
    let totals = channels.map { channel in
      let values = channel.span
      return values.indices.reduce(0.0) { $0 + Double(max(0, values[$1])) }
    }
    let all = totals.reduce(0, +)
    channelScale = totals.map { $0 > 0 ? (all / $0).squareRoot() : 0 }
    var scale = FloatStorage(zeros: places)
    var scales = scale.mutableSpan
    var seen = 0
    for i in scales.indices {
      let sum = channels.reduce(0.0) { $0 + Double(max(0, $1.span[i])) }
      scales[i] = sum > 0 ? Float(1 / sum.squareRoot()) : 0
      if sum > 0 { seen += 1 }
    }
    placeScale = scale
    let weights = scale
    let rows = workers.results(count) { a in
      (0...a).map { b in
        weightedProduct(channels[a], channels[b], weights)
      }
    }
    let scaleOf = channelScale
    let gram = Matrix(rowCount: count, columnCount: count) { a, b in
      scaleOf[a] * scaleOf[b] * rows[max(a, b)][min(a, b)]
    }
    let decomposed = try SingularValues(gram)
    (eigenvalues, vectors) = (decomposed.values, decomposed.u)
    let root = (Double(count) / Double(max(1, seen))).squareRoot()
    noiseEdge = Double(seen) * (1 + root) * (1 + root)
  }

  /// Eigenvalues above ``noiseEdge``; at least one.
  package var suggestedCount: Int { max(1, eigenvalues.count { $0 > noiseEdge }) }

  /// How much of each of the first `count` components every place holds, `z = y S V_k`; a place's own weight
  /// cancels.
  ///
  /// - Throws: ``SpectralError/components(_:channels:)``
  package func scores(
    of channels: [FloatStorage], keeping count: Int, workers: Workers = .all
  ) throws(SpectralError) -> [FloatStorage] {
    guard 1...channels.count ~= count else {
      throw .components(count, channels: channels.count)
    }
    let scale = channelScale
    return workers.results(count) { k in
      var score = FloatStorage(zeros: channels[0].count)
      var values = score.mutableSpan
      for (c, channel) in channels.enumerated() {
        let factor = Float(scale[c] * vectors[c, k])
        accumulate(factor, channel, into: &values)
      }
      return score
    }
  }

  /// A channel made of components alone, `ŷ = z V_kᵀ S⁻¹`.
  package func channel(_ c: Int, from scores: [FloatStorage]) -> FloatStorage {
    var kept = FloatStorage(zeros: scores[0].count)
    guard channelScale[c] > 0 else { return kept }
    var values = kept.mutableSpan
    for (k, score) in scores.enumerated() {
      accumulate(Float(vectors[c, k] / channelScale[c]), score, into: &values)
    }
    return kept
  }

  /// The channels made of the first `count` components alone.
  ///
  /// - Throws: ``SpectralError/components(_:channels:)``
  package func denoise(
    _ channels: [FloatStorage], keeping count: Int, workers: Workers = .all
  ) throws(SpectralError) -> [FloatStorage] {
    let scores = try scores(of: channels, keeping: count, workers: workers)
    return workers.results(channels.count) { channel($0, from: scores) }
  }
}

/// `Σ (x w) (y w)`
private func weightedProduct(_ a: FloatStorage, _ b: FloatStorage, _ weights: FloatStorage)
  -> Double
{
  let x = a.span
  let y = b.span
  let w = weights.span
  precondition(x.count == w.count && y.count == w.count, "fields differ in length")
  var sum = 0.0
  for i in w.indices {
    let weight = unsafe w[unchecked: i]
    sum += unsafe Double(x[unchecked: i] * weight) * Double(y[unchecked: i] * weight)
  }
  return sum
}

/// `sum ← sum + factor · x`
private func accumulate(_ factor: Float, _ field: FloatStorage, into sum: inout MutableSpan<Float>)
{
  let x = field.span
  precondition(x.count == sum.count, "fields differ in length")
  for i in sum.indices { unsafe sum[unchecked: i] += factor * x[unchecked: i] }
}
