import Fields
import Operators
import RealModule

/// The HAADF signal with a slope of its own for each pixel: `u = A Σⱼ wⱼ ∘ zⱼ`.
///
/// It is the power model `A Σ cₑ xₑ^γ` about concentrations `x₀`, with unknowns `x = M z`:
///
///     u(x) ≈ A Σₑ aₑ xₑ + A Σₑ (cₑ x₀ₑ^γ − aₑ x₀ₑ),   aₑ = cₑ γ max(x₀ₑ, ε)^(γ−1),   wⱼ = Σₑ Mₑⱼ aₑ
///
/// A slope no less than that at ε keeps what is zero from staying so for want of a slope.
struct LinearisedImage: LinearOperator, BoundedModel {
  let imaging: any LinearOperator
  /// `wⱼ`, `[unknown][voxel]`
  let weights: FloatStorage
  /// `A Σ (cₑ x₀ₑ^γ − aₑ x₀ₑ)`
  let constant: FloatStorage
  let workers: Workers
  private let scratch: ScratchPool

  /// `ε`, where concentrations that are met are about 1.
  static let least: Float = 0.1

  init(
    _ imaging: any LinearOperator, at x0: borrowing FloatStorage, coefficients: [Double],
    exponent: Double, rows: [[Float]], workers: Workers
  ) {
    (self.imaging, self.workers) = (imaging, workers)
    let count = imaging.domainCount
    scratch = ScratchPool(length: count)
    var (weights, rest) = (FloatStorage(zeros: x0.count), FloatStorage(zeros: count))
    var w = weights.mutableSpan
    var r = rest.mutableSpan
    let (x0, γ) = (x0.span, Float(exponent))
    for (e, c) in coefficients.enumerated() {
      for i in 0..<count {
        let x = max(x0[e * count + i], 0)
        let slope = Float(c) * γ * quickPower(max(x, Self.least), γ - 1)
        r[i] += Float(c) * quickPower(x, γ) - slope * x
        for j in rows.indices { w[j * count + i] += rows[e][j] * slope }
      }
    }
    var constant = FloatStorage(zeros: imaging.rangeCount)
    imaging.apply(rest.span, into: constant.mutableSpan)
    (self.weights, self.constant) = (weights, constant)
  }

  var domainCount: Int { weights.count }
  var rangeCount: Int { imaging.rangeCount }

  func apply(_ z: Span<Float>, into y: consuming MutableSpan<Float>) {
    var y = y
    let (count, w) = (imaging.domainCount, weights.span)
    scratch.withScratch { mixed in
      workers.forEachChunk(of: mixed.mutableSpan) { first, values in
        for i in values.indices { unsafe values[unchecked: i] = 0 }
        for start in stride(from: first, to: w.count, by: count) {
          for i in values.indices {
            unsafe values[unchecked: i] += w[unchecked: start &+ i] * z[unchecked: start &+ i]
          }
        }
      }
      imaging.apply(mixed.span, into: y._mutatingExtracting(0..<y.count))
    }
  }

  func applyAdjoint(_ y: Span<Float>, into z: consuming MutableSpan<Float>) {
    var z = z
    let (count, w) = (imaging.domainCount, weights.span)
    scratch.withScratch { pulled in
      imaging.applyAdjoint(y, into: pulled.mutableSpan)
      let source = pulled.span
      for start in stride(from: 0, to: w.count, by: count) {
        workers.forEachChunk(of: z._mutatingExtracting(start..<start + count)) { first, values in
          for i in values.indices {
            unsafe values[unchecked: i] =
              w[unchecked: start &+ first &+ i] * source[unchecked: first &+ i]
          }
        }
      }
    }
  }

  func absoluteSums() -> (rows: RunFactors, columns: RunFactors) {
    let sums = imaging.sumsOrNorm()
    let (count, w) = (imaging.domainCount, weights.span)
    var (all, most) = (Float(0), Float(0))
    for i in 0..<count {
      var sum: Float = 0
      for start in stride(from: 0, to: w.count, by: count) {
        let weight = abs(w[start + i])
        sum += weight
        most = max(most, weight)
      }
      all = max(all, sum)
    }
    return (sums.rows.map { all * $0 }, RunFactors(uniform: most * sums.columns.largest))
  }
}
