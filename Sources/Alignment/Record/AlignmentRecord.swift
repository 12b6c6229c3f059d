package import SeriesIO
package import Fields
import Files
package import Foundation
import Records
import StackIO

/// `NAME.align.json`: where every page of a series goes, and how that was found.
package struct AlignmentRecord: Sendable, Codable {
  package struct Page: Sendable, Codable, Hashable {
    /// From 1.
    package let page: Int
    /// Degrees.
    package let tilt: Double
    /// Pixels.
    package let across: Double
    package let along: Double
    /// Degrees.
    package let rotation: Double
    package let magnification: Double
    package let isUsed: Bool
    /// With what the tilts of other parts predict.
    package let correlation: Double?
    /// The part of the aligned page that the raw page covers.
    package var covered: Double
  }

  package let voxtilt: String
  package let conventions: [String]
  package let tiltAxis: TiltAxis
  /// Of a page as it is stored.
  package let rowCount: Int
  package let columnCount: Int
  /// Degrees and pixels.
  package let axisRotation: Double
  package let axisOffset: Double
  /// What the pages tell of that turn; none where it was not searched.
  package let turn: AxisTurn?
  /// Where the sidecar of the raw series told the axis.
  package let toldAxisOffset: Double?
  /// What the other tilts predict of the aligned pages.
  package let heldOut: HeldOut?
  package let heldOutAsTold: Double?
  package let coarse: [String: Double]
  package let coarseChoice: String
  package let curves: [ScoreCurve]
  package let rounds: [SeriesAlignment.Round]
  package let pages: [Page]
  package let warnings: [String]

  static let conventions = [
    "aligned - c = magnification * R(rotation) (raw - c) + (across, along), in pixels seen from the centre c = (N - 1)/2 of a page",
    "across counts columns to the right and along rows downwards where tiltAxis is y; rows upwards and columns to the right where it is x",
    "a positive rotation, in degrees, turns a page clockwise on the screen",
    "pixels are interpolated once, by a cubic B-spline, or linearly where they are counts; pages that move by whole pixels are copied; beyond the border of a raw page its nearest pixel is continued",
    "axisRotation: how far the tilt axis was turned clockwise out of upright in the raw pages",
    "turn: where least is left of the pages after their best shifts, over turns of the axis (found) and half of its 95 % interval (error), in degrees; verdict: found, agrees with what was told and so not used, undetermined, beyond what was searched, or dismissed since pages turned so were no better",
    "heldOut: what the other tilts do not predict of the aligned pages, and what of it noise explains, as parts of what they show; heldOutAsTold: the same of the pages as they were told to lie",
    "axisOffset: where it lay across them, from their centre",
    "toldAxisOffset: where it was told to lie before",
  ]

  package init(_ alignment: SeriesAlignment, _ source: SeriesSource, covered: [Double]) {
    (voxtilt, conventions, tiltAxis) = (Build.version, Self.conventions, source.axis)
    (rowCount, columnCount) = (source.info.shape.rowCount, source.info.shape.columnCount)
    axisRotation = alignment.axisRotation
    axisOffset = alignment.axisOffset(tilts: source.tilts)
    toldAxisOffset = source.axisOffset
    (turn, heldOut) = (alignment.turn, alignment.heldOut)
    heldOutAsTold = alignment.heldOutAsTold
    (coarse, coarseChoice) = (alignment.coarse, alignment.coarseChoice)
    (curves, rounds, warnings) = (alignment.curves, alignment.rounds, alignment.warnings)
    pages = alignment.placements.enumerated().map { k, placement in
      Page(
        page: k + 1, tilt: source.tilts[k], across: placement.across, along: placement.along,
        rotation: placement.rotation * 180 / .pi, magnification: placement.magnification,
        isUsed: alignment.isUsed[k],
        correlation: alignment.correlations.isEmpty ? nil : alignment.correlations[k],
        covered: covered[k])
    }
  }

  package var placements: [Placement] {
    pages.map {
      Placement(
        across: $0.across, along: $0.along, rotation: $0.rotation * .pi / 180,
        magnification: $0.magnification)
    }
  }

  /// - Throws: ``AlignmentError``
  package init(reading path: String) throws {
    guard let bytes = try? InputFile.contents(of: path).bytes else {
      throw AlignmentError.unreadable(path: path)
    }
    guard let record = try? JSONDecoder().decode(Self.self, from: Data(bytes)),
      !record.pages.isEmpty, record.placements.allSatisfy(\.isUsable),
      [record.rowCount, record.columnCount].allSatisfy({ 1...Int(Int32.max) ~= $0 })
    else { throw AlignmentError.notAnAlignment(path: path) }
    self = record
  }

  package func json() throws -> Data {
    try JSONText(self).data
  }
}
