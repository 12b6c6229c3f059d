package import Fields
import Imaging
import RealModule
import Reconstruction
import Transforms

/// The image under which the counts are most likely, approached and left before noise takes over.
///
///     x ← x / (Hᵀ1 − λ div(∇x / |∇x|)) · Hᵀ(y / (Hx + b))
///
/// With λ = 0 this is Richardson's and Lucy's iteration, which never lowers the likelihood; with λ > 0
/// total variation holds the noise down. The divisor is kept above a tenth of `Hᵀ1`. It starts from
/// the constant that has the counts of the image. Memory: five fields, and the gradient for λ > 0.
///
/// - References: W. H. Richardson, J. Opt. Soc. Am. 62, 55 (1972); L. B. Lucy, Astron. J. 79, 745 (1974);
///   N. Dey et al., Microsc. Res. Tech. 69, 260 (2006).
struct RichardsonLucy {
  let blur: FieldBlur
  /// `λ`
  let variation: Float
  /// `b`
  let background: Float
  let iterationLimit: Int
  let tolerance: Double

  init(
    _ blur: FieldBlur, variation: Float, background: Float, iterationLimit: Int, tolerance: Double
  ) {
    (self.blur, self.variation, self.background) = (blur, variation, background)
    (self.iterationLimit, self.tolerance) = (iterationLimit, tolerance)
  }

  func run(
    _ y: FloatStorage, truth: FloatStorage?, monitor: Monitor
  ) throws -> DeblurredImage {
    let count = blur.grid.count
    let total = y.span.indices.reduce(0.0) { $0 + Double(y.span[$1]) }
    guard total > 0 else { throw ImageDeblurringError.nothingSeen }
    var sensitivity = FloatStorage(zeros: count)  // Hᵀ1
    blur.applyAdjoint(
      FloatStorage(repeating: 1, count: count).span, into: sensitivity.mutableSpan)
    let seen = (0..<count).reduce(0.0) { $0 + Double(sensitivity.span[$1]) }
    var x = FloatStorage(repeating: Float(total / max(seen, .leastNormalMagnitude)), count: count)
    var ratio = x
    var back = x
    var image = DeblurredImage(x, iterations: 0)
    for iteration in 1...iterationLimit {
      guard !monitor.isCancelled() else { throw ReconstructionError.interrupted }
      blur.apply(x.span, into: ratio.mutableSpan)  // Hx
      let objective = divide(y, by: &ratio)  // y / (Hx + b)
      blur.applyAdjoint(ratio.span, into: back.mutableSpan)
      let curl = variation > 0 ? curvature(x) : nil
      let change = update(&x, back, sensitivity, curl)
      image.history.append(
        HistoryEntry(
          iteration: iteration, misfit: nil, residual: nil, relativeChange: change,
          objective: objective))
      if let truth { image.errors.append(rootMeanSquare(x, truth)) }
      image.iterations = iteration
      monitor.onProgress(
        Monitor.Progress(
          iteration: iteration, iterationLimit: iterationLimit,
          fraction: Double(iteration) / Double(iterationLimit)))
      if change < tolerance {
        image.stopReason = .settled
        break
      }
    }
    image.field = x
    return image
  }

  /// `u ← y / (u + b)`
  ///
  /// - Returns: `Σ u + b − y log(u + b)` before.
  private func divide(_ y: FloatStorage, by u: inout FloatStorage) -> Double {
    let counts = y.span
    var values = u.mutableSpan
    var sum = 0.0
    for i in values.indices {
      let mean = max(values[i] + background, 1e-20)
      sum += Double(mean) - (counts[i] > 0 ? Double(counts[i]) * .log(Double(mean)) : 0)
      values[i] = counts[i] / mean
    }
    return sum
  }

  /// - Returns: `‖Δx‖ / ‖x‖`
  private func update(
    _ x: inout FloatStorage, _ back: FloatStorage, _ sensitivity: FloatStorage,
    _ curvature: FloatStorage?
  ) -> Double {
    let (back, ones) = (back.span, sensitivity.span)
    var (moved, size) = (0.0, 0.0)
    var values = x.mutableSpan
    for i in values.indices {
      var divisor = ones[i]
      if let curvature { divisor = max(divisor + variation * curvature.span[i], 0.1 * divisor) }
      let old = values[i]
      let new = divisor > 1e-6 ? max(0, old * back[i] / divisor) : old
      values[i] = new
      moved += Double(new - old) * Double(new - old)
      size += Double(new) * Double(new)
    }
    return size > 0 ? (moved / size).squareRoot() : 0
  }

  /// `−div(∇x / |∇x|) = ∇ᵀ(∇x / |∇x|)`
  private func curvature(_ x: FloatStorage) -> FloatStorage {
    let gradient = SlabGradient(
      blur.grid.slabs, reach: blur.grid.planeCount > 1 ? .space : .slice, workers: blur.workers)
    var slopes = FloatStorage(zeros: gradient.rangeCount)
    gradient.apply(x.span, into: slopes.mutableSpan)
    let parts = gradient.componentCount
    let largest = (0..<x.count).reduce(Float(0)) { max($0, x.span[$1]) }
    let least = max(1e-6 * largest, .leastNormalMagnitude)
    var values = slopes.mutableSpan
    for pixel in 0..<x.count {
      var square: Float = 0
      for c in 0..<parts { square += values[pixel * parts + c] * values[pixel * parts + c] }
      let length = max(square.squareRoot(), least)
      for c in 0..<parts { values[pixel * parts + c] /= length }
    }
    var result = FloatStorage(zeros: x.count)
    gradient.applyAdjoint(slopes.span, into: result.mutableSpan)
    return result
  }
}

/// `√(Σ (x − t)² / n)`
package func rootMeanSquare(_ x: FloatStorage, _ t: FloatStorage) -> Double {
  let (x, t) = (x.span, t.span)
  let sum = x.indices.reduce(0.0) { $0 + Double(x[$1] - t[$1]) * Double(x[$1] - t[$1]) }
  return (sum / Double(max(x.count, 1))).squareRoot()
}
