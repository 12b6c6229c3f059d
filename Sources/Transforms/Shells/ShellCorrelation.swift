/// The Fourier shell correlation of two volumes, or ring correlation of two images.
///
///     FSC(s) = Σ Re(A B*) / √(Σ |A|² · Σ |B|²),   over the sampled coefficients of shell s
///
/// - Reference: G. Harauz and M. van Heel, Optik 73, 146 (1986).
public struct ShellCorrelation: Sendable, Hashable {
  /// Below which correlation two volumes count as different; the resolution is where the curve first falls below it.
  public enum Threshold: String, Sendable, Codable, CaseIterable {
    /// 0.143 (P. Rosenthal and R. Henderson, J. Mol. Biol. 333, 721 (2003)).
    case oneSeventh = "0.143"
    /// 0.5, whatever the number of coefficients.
    case half = "0.5"
    /// Half a bit of information per coefficient, `(0.2071 + 1.9102/√n) / (1.2071 + 0.9102/√n)` for n sampled
    /// coefficients, k and −k both counted, less what the extent of the noise makes alike: ⟨N₁ N₂*⟩ of noise
    /// scatters by 1/√n (M. van Heel and M. Schatz, J. Struct. Biol. 151, 250 (2005)).
    case halfBit = "half-bit"

    /// - Parameter coefficients: n.
    package func value(coefficients: Double) -> Double {
      switch self {
      case .oneSeventh: return 0.143
      case .half: return 0.5
      case .halfBit:
        let root = max(coefficients, 1).squareRoot()
        return (0.2071 + 1.9102 / root) / (1.2071 + 0.9102 / root)
      }
    }
  }

  /// One shell.
  package struct Point: Sendable, Hashable {
    /// Cycles per voxel.
    package let frequency: Double
    /// n: sampled coefficients, `k` and `−k` as one, less what a window makes dependent.
    package let independent: Double
    /// n of the half-bit threshold.
    package let noiseCoefficients: Double
    /// `nil`, *not measured*, where n is below ``ShellCorrelation/fewest`` or a volume shows nothing.
    package let value: Double?
  }

  /// A crossing of a threshold.
  package enum Resolution: Sendable, Hashable {
    /// The frequency of the crossing, in cycles per voxel.
    case crossing(Double)
    /// Never below the threshold, up to the last frequency that was measured.
    case beyond(Double)
    /// Below it from the first measured shell on, whose frequency it is.
    case coarser(Double)
    case notMeasured
  }

  /// Shells of fewer sampled independent coefficients are not measured.
  package static let fewest = 50.0

  package let points: [Point]

  /// - Parameters:
  ///   - sums: of the two volumes.
  ///   - cone: the directions that are looked at.
  ///   - isMeasurable: `false` where a volume has one value everywhere: what it correlates is its window.
  package init(_ sums: ShellSums, cone: ShellSums.Cone = .all, isMeasurable: Bool = true) {
    let part = sums[.sampled, cone]
    points = part.indices.map { shell in
      let sum = part[shell]
      let independent = Double(sum.count) / 2 * sums.independentFraction
      let norm = (sum.first * sum.second).squareRoot()
      return Point(
        frequency: sums.frequency(shell), independent: independent,
        noiseCoefficients: Double(sum.count) * sums.noiseFraction,
        value: isMeasurable && independent >= Self.fewest && norm > 0 ? sum.cross / norm : nil)
    }
  }

  /// Where the correlation first falls below a threshold, linearly between two measured shells.
  ///
  /// Its first measured shell is taken for the beginning; shells that are not measured are passed over.
  package func resolution(_ threshold: Threshold) -> Resolution {
    var before: (frequency: Double, excess: Double)?
    for point in points {
      guard let value = point.value else { continue }
      let excess = value - threshold.value(coefficients: point.noiseCoefficients)
      if excess < 0 {
        guard let before else { return .coarser(point.frequency) }
        let part = before.excess / (before.excess - excess)
        return .crossing(before.frequency + part * (point.frequency - before.frequency))
      }
      before = (point.frequency, excess)
    }
    return before.map { .beyond($0.frequency) } ?? .notMeasured
  }
}
