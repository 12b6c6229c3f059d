public import Fields
import Foundation
package import Inversion

/// Concentrations, and everything that tells whether to believe them.
public struct FusionResult: Sendable {
  /// What was found for one element.
  public struct Element: Sendable, Codable, Hashable {
    /// The symbol, such as `Au`.
    public let symbol: String
    package let atomicNumber: Int
    /// `s`: the signal of a map pixel where the concentration seen is 1.
    public let scale: Double
    /// What one count is worth in the map, 1 unless it was scaled.
    package let countUnit: Double
    package let scaleIsGiven: Bool
    /// `c`: what HAADF sees of a concentration of 1, in the units of HAADF.
    public let coefficient: Double
    /// `(Z / Z_max)^γ`, to which the coefficient is proportional where concentrations share a unit.
    package let atomicShare: Double
    /// What image and counts tell of the coefficient, against that of the other elements; `nil` for tilt series, for one
    /// element, and where noise hides it.
    public let weight: FoundWeight?
    /// Whether the HAADF signal of the element rises above the noise; otherwise its map alone is used.
    public let isSeenByHAADF: Bool
    /// λ₁ of the formula of ``SensorFusion``, for this element.
    public let lambda1: Double
    /// λ₂ of the formula of ``SensorFusion``, for this element.
    public let lambda2: Double
    /// `μ` of total variation on the map alone.
    package let denoisingStrength: Double
    /// How the fused map agrees with its measurement.
    public let consistency: Consistency
    /// Of the map against HAADF, which the fit takes into account.
    package let shift: MapShift
    /// Of its tilts, where they were looked for.
    package let yields: TiltYields?
  }

  package let settings: SensorFusion
  /// One per map, in their order.
  public let elements: [Element]
  /// The concentrations, 0 or more, `[element][voxel]`: one field of equal length per element, on the pixels of HAADF.
  ///
  /// For images a field has a `SlabShape` with the rows as slices, one page, and the columns as positions; for tilt series
  /// it is that of a `Volume` as wide and long as HAADF.
  public let fused: FloatStorage
  /// The same from each map alone, by total variation.
  package let denoised: FloatStorage
  /// `b_H − o − A Σ cₑ f(xₑ)` of either.
  package let fusedResidual: FloatStorage
  package let denoisedResidual: FloatStorage
  /// How the fused maps agree with HAADF.
  public let haadf: Consistency
  /// The same of the denoised maps.
  package let denoisedHAADF: Consistency
  /// Of each element's map, fused and denoised.
  let fusedFits: [WrittenFit]
  let denoisedFits: [WrittenFit]
  /// The standard deviation of the HAADF's noise.
  package let sigma: Double
  let signal: Double
  package let calibration: Calibration
  /// What was tried for λ₂, from weak to strong.
  package let trials: [StrengthTrial]
  /// Means over the elements.
  package let lambda1: Double
  package let lambda2: Double
  package let report: SolverReport
  /// Of each map, the counts of a pixel where HAADF shows nothing, if they are more than the declared background.
  package let vacuumCounts: [Double?]
  /// Of tilt series: whether HAADF follows the projection law.
  package let projectionLaw: ProjectionLaw?

  /// How far a wrong model may go unnoticed.
  static let shareLimit = 0.008

  /// What the fused maps contradict: `HAADF`, and the symbols of maps, or of elements whose weight in HAADF is not the one
  /// that was used. Empty where all measurements can be explained together.
  public var contradicted: [String] {
    func isWrong(_ c: Consistency) -> Bool { c.strangeShare > Self.shareLimit }
    return (isWrong(haadf) ? ["HAADF"] : [])
      + elements.filter { isWrong($0.consistency) || $0.weight?.contradictsUsed == true }
      .map(\.symbol)
  }

  /// Whether all measurements can be explained together; otherwise do not trust ``fused``.
  public var isConsistent: Bool { contradicted.isEmpty }

  /// Whether the denoised maps stand in for the fused ones.
  package var hasFallenBack: Bool { settings.fallsBack && !isConsistent }

  /// `[element][voxel]`: fused, or denoised where the fusion cannot be believed.
  package var concentrations: FloatStorage { hasFallenBack ? denoised : fused }
  /// How each of them fits its map, and all of them HAADF.
  package var written: [WrittenFit] { hasFallenBack ? denoisedFits : fusedFits }
  package var writtenHAADF: Consistency { hasFallenBack ? denoisedHAADF : haadf }
  /// The HAADF residual that goes with them.
  package var residual: FloatStorage { hasFallenBack ? denoisedResidual : fusedResidual }

  /// The part of the HAADF signal that the maps alone leave unexplained: `Σ max(r, 0) / Σ (b_H − o)`.
  package var unexplainedShare: Double {
    let r = denoisedResidual.span
    let above = r.indices.reduce(0.0) { $0 + Double(max(r[$1], 0)) }
    return signal > 0 ? above / signal : 0
  }

  /// Values of one element in ``concentrations``.
  package var voxelCount: Int { fused.count / elements.count }

  /// What to try where maps hold counts in the vacuum.
  private var backgroundHint: String? {
    let levels = vacuumCounts.compactMap(\.self)
    guard !levels.isEmpty else { return nil }
    func words(_ level: Double) -> String { String(format: "%.2g", level) }
    let all = zip(elements, vacuumCounts).compactMap { element, level in
      level.map { "\(element.symbol) \(words($0))" }
    }.joined(separator: ", ")
    return """
      Where HAADF shows nothing, maps contain counts (\(all) per pixel). If they are a background, give \
      --background \(words(levels.reduce(0, +) / Double(levels.count))).
      """
  }

  /// What a reader of the result has to know, in sentences.
  public var notes: [String] {
    var notes: [String] = []
    if !isConsistent {
      let wrong = contradicted.joined(separator: " and ")
      let share = (100 * unexplainedShare).rounded()
      let percent = Int(exactly: share).map { "\($0)" } ?? "\(share)"
      notes.append(
        """
        HAADF and maps contradict each other: no concentrations explain \(wrong). \(percent) % of the HAADF \
        signal has no counterpart in the maps: it may contain an element without a map. \
        \(backgroundHint.map { $0 + " " } ?? "")\
        \(settings.fallsBack
          ? "The result is that of the maps alone, denoised; HAADF is not used."
          : "The fused maps are written as requested, and are probably worse than the maps alone.")
        """)
    }
    if isConsistent, let backgroundHint { notes.append(backgroundHint) }
    notes += weightNotes + shiftNotes + yieldNotes + projectionNote
    for element in elements where element.countUnit != 1 {
      notes.append(
        """
        The map of \(element.symbol) contains scaled counts: by its noise \
        \(String(format: "%.3g", element.countUnit)) is one count. Give --map-noise gaussian if it is not.
        """)
    }
    for element in elements where !element.isSeenByHAADF {
      notes.append(
        """
        HAADF does not show \(element.symbol): its signal is below the noise. It is left out of the \
        HAADF model, and its result comes from its own map.
        """)
    }
    if settings.model == .power && settings.exponent != 1 {
      notes.append(
        """
        The power model is not convex: this is the minimum near the denoised maps. \
        --haadf-model linear has only one minimum.
        """)
    }
    if let first = trials.first, let last = trials.last, trials.count > 1,
      let best = trials.min(by: { $0.least < $1.least }), best == first || best == last
    {
      notes.append(edgeNote("λ₂"))
    }
    return notes
  }
}
