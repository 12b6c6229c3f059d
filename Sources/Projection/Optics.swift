package import Operators

/// What the instrument makes of line integrals: `y = Σₖ Bₖ P Wₖ x`, with `P` the projection and `Bₖ` the response at the k-th depth.
///
/// Depth runs along the beam from the tilt axis, `t = z cos θ − x sin θ` in voxels. `Wₖ` shares voxels out linearly between the two nearest
/// of evenly spaced depths; those beyond the first and the last belong to these. With one response everything is seen alike.
package struct Optics: Sendable {
  package let responses: [any SeriesResponse]
  /// The first depth, and how far the next ones lie apart.
  package let first: Double
  package let spacing: Double

  /// The same at all depths.
  package init(_ response: any SeriesResponse) {
    (responses, first, spacing) = ([response], 0, 1)
  }

  /// - Parameters:
  ///   - responses: at least one, by depth.
  ///   - first: the depth of the first one, in voxels.
  ///   - spacing: above 0.
  package init(layers responses: [any SeriesResponse], first: Double, spacing: Double) {
    precondition(!responses.isEmpty && spacing > 0, "there is a depth")
    (self.responses, self.first, self.spacing) = (responses, first, spacing)
  }

  package var isLayered: Bool { responses.count > 1 }
  /// Whether a value depends on other slices than its own.
  package var linksSlices: Bool { responses.contains(where: \.linksSlices) }
  /// Whether it makes nothing negative of what is not.
  package var isNonNegative: Bool { responses.allSatisfy(\.isNonNegative) }
  /// How many times larger a sum over measurements can be near the first and the last slice than in the middle.
  package var gainAtEnds: Float { responses.map(\.gainAtEnds).max() ?? 1 }

  /// Bytes that are held while it works on a series of so many floats.
  package func byteCount(series: Int) -> Int {
    4 * series * (isLayered ? responses.count + 1 : 1)
      + responses.reduce(0) { $0 + $1.byteCount }
  }

  func map(_ change: (any SeriesResponse) -> any SeriesResponse) -> Optics {
    Optics(layers: responses.map(change), first: first, spacing: spacing)
  }
}
