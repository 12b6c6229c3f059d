import Fields
package import Inversion
package import Operators

/// The fit of counts `y` by unknowns in units of their noise: `Σ s u + b − y log(s u + b)`.
///
/// With `s = √(mean y)` of each channel its curvature is about 1 whatever the channel counts, so
/// that one strength serves bright and dark channels.
package struct WhitenedCounts: SmoothDiscrepancy {
  /// `s`, one a channel.
  package let scales: RunFactors
  /// `b`, one a channel or one a measurement.
  package let background: RunFactors
  private static let smallest: Float = 1e-20

  package init(scales: RunFactors, background: RunFactors) {
    (self.scales, self.background) = (scales, background)
  }

  package func check(_ measurement: Span<Float>) throws(InversionError) {
    try KullbackLeibler(background: background).check(measurement)
  }

  package func value(_ u: Span<Float>, _ y: Span<Float>, from first: Int) -> Double {
    var sum = 0.0
    forEachPiece(of: first..<first + u.count) { piece, s, b in
      for i in piece {
        let mean = max(s * u[i - first] + b, Self.smallest)
        let count = y[i - first]
        sum += Double(mean) - (count > 0 ? Double(count) * logarithm(Double(mean)) : 0)
      }
    }
    return sum
  }

  package func formGradient(_ u: inout MutableSpan<Float>, _ y: Span<Float>, from first: Int) {
    forEachPiece(of: first..<first + u.count) { piece, s, b in
      for i in piece {
        let mean = max(s * u[i - first] + b, Self.smallest)
        u[i - first] = s * (1 - y[i - first] / mean)
      }
    }
  }

  /// `q̂ = ½ (λs + w − √((w − λs)² + 4 λ σ y))`, `w = q + σ (u + b / s)`
  package func formDual(
    _ q: inout MutableSpan<Float>, _ u: Span<Float>, _ y: Span<Float>, from first: Int,
    step: DualStep
  ) {
    let ρ = step.relaxation
    forEachPiece(of: first..<first + u.count) { piece, s, b in
      let λ = step.weight * s
      let offset = b / s
      step.steps.forEachPiece(of: piece) { run, σ in
        for i in run.lowerBound - first..<run.upperBound - first {
          let old = unsafe q[unchecked: i]
          let w = unsafe old + σ * (u[unchecked: i] + offset)
          let count = unsafe 4 * step.weight * σ * y[unchecked: i]
          let new = 0.5 * (λ + w - ((w - λ) * (w - λ) + count).squareRoot())
          unsafe q[unchecked: i] = old + ρ * (new - old)
        }
      }
    }
  }

  package func meanCurvature(_ measurement: Span<Float>, valueCount: Int) -> Double { 1 }

  /// There is none where a background may be 0.
  package func largestCurvature(_ y: Span<Float>) throws(InversionError) -> Double {
    throw .noCurvature
  }

  @inline(__always)
  private func forEachPiece(
    of range: Range<Int>, _ body: (_ piece: Range<Int>, _ s: Float, _ b: Float) -> Void
  ) {
    scales.forEachPiece(of: range) { piece, s in
      background.forEachPiece(of: piece) { body($0, s, $1) }
    }
  }
}
