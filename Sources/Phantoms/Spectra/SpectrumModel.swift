import RealModule

/// What a unit of density gives at an energy: a power law with edges on it, and peaks.
///
///     f(E) = A (E / E₀)⁻ʳ + Σ h (E / Eₑ)⁻ˢ [E ≥ Eₑ] + Σ a w² / ((E − Eₚ)² + w²)
package struct SpectrumModel: Sendable, Hashable, Decodable {
  /// `A` at `E₀` with the exponent `r`.
  package struct Background: Sendable, Hashable, Decodable {
    package let height: Double
    package let energy: Double
    package let exponent: Double
  }
  /// `h` above `Eₑ`, falling with the exponent `s`.
  package struct Edge: Sendable, Hashable, Decodable {
    package let energy: Double
    package let height: Double
    package let exponent: Double
  }
  /// A Lorentzian of height `a` and half width `w`.
  package struct Peak: Sendable, Hashable, Decodable {
    package let energy: Double
    package let height: Double
    package let width: Double
  }

  package let background: Background?
  package let edges: [Edge]?
  package let peaks: [Peak]?

  package init(background: Background? = nil, edges: [Edge]? = nil, peaks: [Peak]? = nil) {
    (self.background, self.edges, self.peaks) = (background, edges, peaks)
  }

  /// `f(E)` for `E > 0`.
  package func value(at energy: Double) -> Double {
    var sum = 0.0
    if let background {
      sum += background.height * .pow(energy / background.energy, -background.exponent)
    }
    for edge in edges ?? [] where energy >= edge.energy {
      sum += edge.height * .pow(energy / edge.energy, -edge.exponent)
    }
    for peak in peaks ?? [] {
      let (d, w) = (energy - peak.energy, peak.width)
      sum += peak.height * w * w / (d * d + w * w)
    }
    return sum
  }

  /// Whether heights and energies can be drawn from.
  var isUsable: Bool {
    let numbers =
      (background.map { [$0.height, $0.energy] } ?? [])
      + (edges ?? []).flatMap { [$0.height, $0.energy] }
      + (peaks ?? []).flatMap { [$0.height, $0.width] }
    return !numbers.isEmpty && numbers.allSatisfy { $0 > 0 && $0.isFinite }
      && (background?.exponent ?? 0).isFinite && (edges ?? []).allSatisfy { $0.exponent.isFinite }
      && (peaks ?? []).allSatisfy { $0.energy.isFinite }
  }
}
