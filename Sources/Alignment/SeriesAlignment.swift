/// Where every page of a series goes, and how well that is known.
public struct SeriesAlignment: Sendable {
  /// One per page, in the pixels of the pages that were aligned.
  public package(set) var placements: [Placement]
  /// One per page: whether it took part in reconstructions; where not, it disagreed with all others.
  public internal(set) var isUsed: [Bool]
  /// Of every page with what the tilts of other parts predict of it.
  package internal(set) var correlations: [Double] = []
  /// Which coarse alignment was best, with the held-out errors of all.
  package internal(set) var coarse: [String: Double] = [:]
  package internal(set) var coarseChoice = ""
  /// What the pages tell of the turn of the axis; `nil` where none was searched.
  package internal(set) var turn: AxisTurn?
  /// The held-out error of the pages as they were told to lie, at the coarsest size and with the final model.
  package internal(set) var heldOutAsTold: Double?
  /// What the final placements are worth.
  package internal(set) var heldOut: HeldOut?
  package internal(set) var curves: [ScoreCurve] = []
  package internal(set) var rounds: [Round] = []
  /// What a user should know: an edge of a search range, an axis that the pages do not tell, pages that do not fit.
  public internal(set) var warnings: [String] = []

  /// Placements that are known otherwise.
  package init(placements: [Placement]) {
    (self.placements, isUsed) = (placements, placements.map { _ in true })
  }

  /// One round of projection matching.
  package struct Round: Sendable, Hashable, Codable {
    /// Raw pixels along a side of one matched pixel.
    package let binning: Int
    /// Before the round.
    package let heldOutError: Double
    /// Root mean square over the used pages, in raw pixels.
    package let movedAcross: Double
    package let movedAlong: Double
  }

  /// How far the tilt axis was turned out of upright in the raw pages, in degrees, clockwise.
  public var axisRotation: Double {
    let mean = placements.map(\.rotation).reduce(0, +) / Double(placements.count) * 180 / .pi
    // Turns there and back leave a rounding error, which is no turn.
    return 0 - (mean * 1e9).rounded() / 1e9
  }

  /// Where the tilt axis lay on the raw pages on the whole, in pixels from their centre: the o of the least-squares fit
  /// `−across ≈ o + dx cos θ + dz sin θ`.
  ///
  /// - Parameter tilts: degrees, one per page.
  public func axisOffset(tilts: [Double]) -> Double {
    0 - AlignmentResidual(placements, tilts: tilts).offset
  }
}
